"""Makes documents with exact truth: see the README of this package.

python -m benchmarks.made_documents --seed 1 --count 50 --out DIR
"""

import argparse
import sys
from pathlib import Path

from benchmarks.made_documents import collection
from benchmarks.made_documents.words import Side


def main() -> int:
    """Write the documents and say how many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", choices=collection.KINDS, default="invoice")
    parser.add_argument("--lang", help="languages, for example nl,fr")
    parser.add_argument("--country", help="countries of the issuers, for example BE,NL")
    parser.add_argument("--side", choices=list(Side), default=Side.ALL, type=Side)
    args = parser.parse_args()
    wish = collection.Wish(
        kind=args.only,
        langs=tuple(args.lang.split(",")) if args.lang else (),
        countries=tuple(args.country.split(",")) if args.country else (),
        side=args.side,
    )
    made = collection.write(args.out, seed=args.seed, count=args.count, wish=wish)
    print(f"{made} documents in {args.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
