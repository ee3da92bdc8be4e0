//! The interval methods that were compared. Each takes the logarithms of a pair's ratio, one for each fork, and
//! returns an interval for what it estimates.

use contend_analysis::statistics::{OrderStatistic, Sorted};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use super::normal_dist::{normal_cdf, normal_quantile, student_critical};

/// Resamples of a bootstrap.
const RESAMPLES: usize = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The method of the verdicts.
    OrderStatistics,
    /// The same, interpolated to the wanted error (Hettmansperger & Sheather 1986).
    Interpolated,
    /// Student's t on logarithms of ratios.
    Student,
    /// Walsh averages: the inverted test of Wilcoxon's signed ranks.
    SignedRanks,
    /// Forks resampled, and rounds within them, both contenders together; the median over forks,
    /// bias-corrected and accelerated (Efron 1987).
    BootstrapMedian,
    /// The same with the mean over forks.
    BootstrapMean,
}

/// The parameter of the forks' distribution that a method estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimand {
    Median,
    Mean,
    /// The median of the means of two forks.
    PseudoMedian,
}

impl Method {
    pub const ALL: [Self; 6] = [
        Self::OrderStatistics,
        Self::Interpolated,
        Self::Student,
        Self::SignedRanks,
        Self::BootstrapMedian,
        Self::BootstrapMean,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::OrderStatistics => "order statistics",
            Self::Interpolated => "interpolated",
            Self::Student => "Student's t",
            Self::SignedRanks => "signed ranks",
            Self::BootstrapMedian => "bootstrap, median",
            Self::BootstrapMean => "bootstrap, mean",
        }
    }

    pub fn estimand(self) -> Estimand {
        match self {
            Self::OrderStatistics | Self::Interpolated | Self::BootstrapMedian => Estimand::Median,
            Self::Student | Self::BootstrapMean => Estimand::Mean,
            Self::SignedRanks => Estimand::PseudoMedian,
        }
    }

    /// Whether it resamples. Such methods are simulated with fewer repetitions.
    pub fn is_bootstrap(self) -> bool {
        matches!(self, Self::BootstrapMedian | Self::BootstrapMean)
    }

    /// Prepares the method for this many forks and this error. None where it has no such interval.
    pub fn prepare(self, forks: usize, error: f64) -> Option<Prepared> {
        let n = forks as u32;
        Some(match self {
            Self::OrderStatistics => Prepared::Ends(OrderStatistic::within(n, error)?),
            Self::Interpolated => {
                let miss = |rank| OrderStatistic::rank(rank).miss(n);
                let rank = (1..n / 2).take_while(|&rank| miss(rank) <= error).last()?;
                let share = (error - miss(rank)) / (miss(rank + 1) - miss(rank));
                let (n, k) = (f64::from(n), f64::from(rank));
                let weight = (n - k) * share / (k + (n - 2.0 * k) * share);
                Prepared::Between(rank, weight)
            }
            Self::Student => Prepared::Student(student_critical(error, n - 1)),
            Self::SignedRanks => Prepared::Walsh(signed_rank(forks, error)?),
            Self::BootstrapMedian => Prepared::Bootstrap(error, median),
            Self::BootstrapMean => Prepared::Bootstrap(error, mean),
        })
    }
}

/// A method with its critical value.
#[derive(Clone, Copy, Debug)]
pub enum Prepared {
    Ends(OrderStatistic),
    Between(u32, f64),
    Student(f64),
    Walsh(u32),
    Bootstrap(f64, fn(&mut [f64]) -> f64),
}

impl Prepared {
    /// The interval from the `forks` of a pair. `resamples` has the values that resampling the rounds of each fork
    /// gives, as many for each fork; only a bootstrap uses them.
    pub fn interval(self, forks: &[f64], resamples: &[f64], rng: &mut Xoshiro256PlusPlus) -> (f64, f64) {
        let n = forks.len() as f64;
        match self {
            Self::Ends(at) => ends(forks.to_vec(), at),
            Self::Between(rank, weight) => {
                let outer = ends(forks.to_vec(), OrderStatistic::rank(rank));
                let inner = ends(forks.to_vec(), OrderStatistic::rank(rank + 1));
                let towards = |outer: f64, inner: f64| outer + weight * (inner - outer);
                (towards(outer.0, inner.0), towards(outer.1, inner.1))
            }
            Self::Student(critical) => {
                let mean = forks.iter().sum::<f64>() / n;
                let squares: f64 = forks.iter().map(|x| (x - mean).powi(2)).sum();
                let half = critical * (squares / (n - 1.0) / n).sqrt();
                (mean - half, mean + half)
            }
            Self::Walsh(rank) => ends(walsh_averages(forks), OrderStatistic::rank(rank)),
            Self::Bootstrap(error, statistic) => bca(forks, resamples, error, statistic, rng),
        }
    }
}

fn ends(values: Vec<f64>, at: OrderStatistic) -> (f64, f64) {
    Sorted::new(values).interval(at).expect("order statistics that were prepared for this many values")
}

fn walsh_averages(forks: &[f64]) -> Vec<f64> {
    let from = |i: usize| forks[i..].iter().map(move |x| (forks[i] + x) / 2.0);
    (0..forks.len()).flat_map(from).collect()
}

/// The greatest rank of Walsh averages that misses with at most `error`, from the exact distribution of
/// Wilcoxon's statistic.
fn signed_rank(forks: usize, error: f64) -> Option<u32> {
    let mut ways = vec![0.0; forks * (forks + 1) / 2 + 1];
    ways[0] = 0.5_f64.powi(forks as i32);
    for rank in 1..=forks {
        for sum in (rank..ways.len()).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    let mut missed = 0.0;
    let within = ways.iter().take_while(|&&way| {
        missed += 2.0 * way;
        missed <= error
    });
    let rank = within.count() as u32;
    (rank > 0).then_some(rank)
}

fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    let odd = values.len() % 2 == 1;
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if odd { upper } else { (lower + upper) / 2.0 }
}

fn mean(values: &mut [f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn bca(
    forks: &[f64],
    resamples: &[f64],
    error: f64,
    statistic: fn(&mut [f64]) -> f64,
    rng: &mut Xoshiro256PlusPlus,
) -> (f64, f64) {
    let mut drawn = vec![0.0; forks.len()];
    let resampled = (0..RESAMPLES).map(|_| {
        // Every fork is as likely as every other, and so is each resample of its rounds: one draw.
        drawn.fill_with(|| resamples[rng.random_range(0..resamples.len())]);
        statistic(&mut drawn)
    });
    let resampled: Vec<f64> = resampled.collect();
    let estimate = statistic(&mut forks.to_vec());
    let below = resampled.iter().filter(|&&x| x < estimate).count();
    let level = resampled.iter().filter(|&&x| x == estimate).count();
    let share = (below as f64 + level as f64 / 2.0) / RESAMPLES as f64;
    let least = 0.5 / RESAMPLES as f64;
    let bias = normal_quantile(share.clamp(least, 1.0 - least));
    let resampled = Sorted::new(resampled);
    let acceleration = acceleration(forks, statistic);
    let end = |p: f64| {
        let z = bias + normal_quantile(p);
        let p = normal_cdf(bias + z / (1.0 - acceleration * z));
        resampled.quantile(p).expect("there are resamples")
    };
    (end(error / 2.0), end(1.0 - error / 2.0))
}

/// By the jackknife over forks.
fn acceleration(forks: &[f64], statistic: fn(&mut [f64]) -> f64) -> f64 {
    let without = |fork: usize| {
        let mut others = forks.to_vec();
        others.swap_remove(fork);
        statistic(&mut others)
    };
    let left: Vec<f64> = (0..forks.len()).map(without).collect();
    let mean = left.iter().sum::<f64>() / left.len() as f64;
    let power = |n| left.iter().map(|x| (mean - x).powi(n)).sum::<f64>();
    match power(2) {
        0.0 => 0.0,
        squares => power(3) / (6.0 * squares.powf(1.5)),
    }
}
