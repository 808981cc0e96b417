"""The demo shop 珍宝阁: plain rows made from a seed, for the first look, for tests and for the benchmarks."""
