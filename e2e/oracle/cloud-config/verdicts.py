#!/usr/bin/env python3
"""What cloud-init's schema says of cloud-configs: the oracle of compare.ts, run by hand.

  verdicts.py CLOUD_INIT [JSONSCHEMA]

CLOUD_INIT is a checkout of canonical/cloud-init; JSONSCHEMA a folder with another jsonschema than the
host's, such as that of Ubuntu 22.04, which Subiquity's snap contains.

Reads one JSON object a line, {"id": ..., "text": ...}, and answers each with one line:

  {"id": ..., "said": null}

null: valid. Otherwise what the schema says. A text goes the way that Subiquity sends `user-data`: read
by PyYAML, then validated by cloud-init's own function.
"""

import json
import sys

sys.path[:0] = sys.argv[2:3] + sys.argv[1:2]

import yaml  # noqa: E402
from cloudinit.config.schema import (  # noqa: E402
    SchemaValidationError,
    get_schema,
    validate_cloudconfig_schema,
)

SCHEMA = get_schema()


def verdict(text):
    try:
        validate_cloudconfig_schema(yaml.safe_load(text), schema=SCHEMA, strict=True)
    except SchemaValidationError as error:
        # Deprecated keys alone are accepted.
        return str(error) if error.schema_errors else None
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps({"id": case["id"], "said": verdict(case["text"])}), flush=True)
