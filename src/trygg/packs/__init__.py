"""Packs: the content of Trygg as data (docs/packs.md). Load with `loader`, check with `check`, find with `catalogue`."""
