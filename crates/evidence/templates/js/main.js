// Last: everything above is there, so the bar of choices may appear.

listeners.push(show);
readHash();
tools.hidden = false;
show();
if (location.hash) document.getElementById(anchorOf())?.scrollIntoView();

// What is folded is unfolded on paper.
addEventListener('beforeprint', () => { for (const folded of $$('details.numbers')) folded.open = true; });
