"""`python -m trygg`: the same as `trygg`."""

from trygg.front.cli import main

if __name__ == "__main__":
    main()
