// Last: everything above is there, so the bar of choices may appear.

listeners.push(show);
readHash();
tools.hidden = false;
count(variants.reduce((sum, variant) => sum + variant.count, 0));
show();
if (location.hash) document.getElementById(anchorOf())?.scrollIntoView();

// What is folded is unfolded on paper.
addEventListener('beforeprint', () => { for (const folded of $$('details:not(.export)')) folded.open = true; });
