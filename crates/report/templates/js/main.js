// Runs last, when all parts are defined, and shows what works only with a script.

listeners.push(show);
readHash();
for (const part of [asks, tools, ...$$('.live')]) if (part) part.hidden = false;
count(variants.reduce((sum, variant) => sum + variant.count, 0));
show();
if (location.hash) document.getElementById(anchorOf())?.scrollIntoView();
