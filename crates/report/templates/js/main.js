// Runs last, when all parts are defined, and shows the toolbar.

listeners.push(show);
readHash();
tools.hidden = false;
count(variants.reduce((sum, variant) => sum + variant.count, 0));
show();
if (location.hash) document.getElementById(anchorOf())?.scrollIntoView();

// Printing unfolds everything.
addEventListener('beforeprint', () => { for (const folded of $$('details:not(.export)')) folded.open = true; });
