"""How a dbt node looks in Dagster: one name, its folder as group, an owner, plain words.

Belongs here: naming and description of dbt's models and sources. Does not belong here: running
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator


class WarehouseTranslator(DagsterDbtTranslator):
    """Asset key = model name, or `landing/<source>`; group = the model's folder."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return the model's bare name; its schema is not part of the word."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the folder below `models/`."""
        return str(dbt_resource_props["fqn"][1]) if len(dbt_resource_props["fqn"]) > 2 else None

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the description from the YAML beside the model, without its SQL."""
        return str(dbt_resource_props.get("description") or dbt_resource_props["name"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Return the team that owns every model."""
        return ["team:market-data"]
