"""Throughput beside a raw reference measured in the same run. Ratios hold on noisy machines; single figures do not."""
