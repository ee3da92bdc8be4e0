// verdicts.json by block and contender, with the distances from the best that the page shows. Written apart from the
// page's own code.

export const bookOf = (verdicts) => {
  const key = (...parts) => parts.join('\n');
  const pairs = new Map(verdicts.verdicts.map((verdict) => [key(verdict.block, ...[verdict.a, verdict.b].sort()), verdict]));
  const standings = new Map(verdicts.standings.flatMap((one) => one.order.map((name) => [key(one.block, name), one])));
  const decisions = new Map((verdicts.decisions ?? []).map((one) => [key(one.block, one.contender), one]));
  const cells = new Map(verdicts.cells.map((cell) => [cell.cell, cell]));
  const pair = (block, one, other) => pairs.get(key(block, ...[one, other].sort()));
  const standingOf = (block, name) => standings.get(key(block, name));
  const best = (block, name) => {
    const { standing } = standingOf(block, name) ?? {};
    return standing?.contender ?? standing?.contenders?.[0];
  };
  /// The time of one contender over that of another, with the ends of the interval.
  const times = (block, one, other) => {
    const verdict = pair(block, one, other);
    if (!verdict) return undefined;
    const numbers = verdict.b === one ? [verdict.times, verdict.times_low, verdict.times_high] : [verdict.ratio, verdict.low, verdict.high];
    const [ratio, low, high] = numbers;
    return { ratio, low, high, verdict: verdict.verdict };
  };
  const distance = (block, name) => {
    const of = best(block, name);
    if (of === undefined) return undefined;
    return of === name ? { ratio: 1 } : times(block, name, of);
  };
  const decision = (block, name) => decisions.get(key(block, name));
  const choices = new Map((verdicts.choices ?? []).map((one) => [key(one.block, one.class), one]));
  const mayBeBest = (block, name) => {
    const choice = choices.get(key(block, standingOf(block, name).class));
    if (['fastest', 'alone'].includes(choice?.is)) return choice.pick === name;
    // A pair that longer windows refute proves nothing.
    const { standing } = standingOf(block, name);
    const refuted = standing.reason ? standing.contenders : [];
    const behind = verdicts.verdicts.some((one) => one.block === block && one.b === name && one.verdict === 'faster' && !one.control && !refuted.includes(one.a));
    return !behind && (decision(block, name)?.at_least ?? null) === null;
  };
  return { verdicts, cells, pair, standingOf, best, times, distance, decision, mayBeBest };
};
