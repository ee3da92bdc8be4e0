// Runs last, when all parts are defined, and shows what works only with a script.

listeners.push(show);
readHash();
for (const part of [asks, tools, ...$$('.live')]) if (part) part.hidden = false;
count(variants.reduce((sum, variant) => sum + variant.count, 0));
show();
if (location.hash) document.getElementById(anchorOf())?.scrollIntoView();

/// Reads the tables while the reader does nothing, so that the first choice need not.
const later = window.requestIdleCallback ?? ((run) => setTimeout(run, 100, { timeRemaining: () => 10 }));
const unread = [...variants];
const readTables = (deadline) => {
  while (unread.length > 0 && deadline.timeRemaining() > 1) unread.shift().cells;
  if (unread.length > 0) later(readTables);
};
later(readTables);
