"""Prints the plays of UCB1 when arm j always pays rewards[j]."""
from decimal import Decimal, getcontext

getcontext().prec = 40
rewards = [Decimal(r) for r in ("0.25", "0.5", "0.875")]
counts = [0] * len(rewards)
plays, margin = [], Decimal(1)
for t in range(40):
    if 0 in counts:
        arm = counts.index(0)
    else:
        log_t = Decimal(t).ln()
        index = [reward + (2 * log_t / n).sqrt() for reward, n in zip(rewards, counts)]
        arm = index.index(max(index))
        margin = min(margin, sorted(index)[-1] - sorted(index)[-2])
    counts[arm] += 1
    plays.append(arm)
print(plays)
print("smallest margin of a decision:", margin)  # far above the rounding error of a double, so no tie is a coin toss
