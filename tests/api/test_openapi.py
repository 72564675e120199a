"""The API's description is kept as a snapshot: a change of the contract is seen in review.

To accept a change: `python tests/api/test_openapi.py` writes the snapshot anew.
"""

import json
from pathlib import Path

SNAPSHOT = Path(__file__).with_name("openapi.json")


def described() -> str:
    from trygg.front.api.urls import api

    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_the_api_is_what_the_snapshot_says():
    assert SNAPSHOT.read_text("utf-8") == described(), "the API changed: see how to accept it at the top of this file"


if __name__ == "__main__":
    import django

    django.setup()
    SNAPSHOT.write_text(described(), "utf-8")
