"""Load on a real installation, row by row of the bars in docs/performance.md."""
