"""The page's Content-Security-Policy in other browsers, for a whole session."""

import pytest

from tests.browser.conftest import Server
from tests.browser.policy import SESSION, judge, watched
from tests.engines.conftest import visit
from tests.engines.drivers import Engine

pytestmark = pytest.mark.engines


def test_a_whole_session_breaks_no_rule_and_leaves_the_origin_never(engine: Engine, server: Server) -> None:
    watched(server)
    visit(engine, server)
    judge(engine.run(SESSION))


def test_a_violation_would_be_seen(engine: Engine, server: Server) -> None:
    watched(server)
    engine.open(server.url)
    engine.until("window.violations !== undefined")
    engine.run("document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.test/x.png' }))")
    engine.until("violations.some((line) => line.startsWith('img-src'))")
