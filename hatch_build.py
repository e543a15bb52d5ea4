"""Lets a wheel carry the built site, where python3 -m build_scripts wheel asks for it."""

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SiteHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the folder named in GLASSBOX_SITE as glassbox/site."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if site := os.environ.get("GLASSBOX_SITE"):
            build_data["force_include"][site] = "glassbox/site"
