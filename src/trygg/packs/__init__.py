"""The content of Trygg as data (docs/packs.md). Read with `loader`, check with `check`, find with `catalogue`."""
