"""`python -m benchmarks` answers a newcomer in sentences, without a traceback."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import benchmarks, main


def test_help_lists_every_benchmark_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    said = capsys.readouterr().out
    assert left.value.code == 0
    assert {"delivery", "latency", "polling", "searching"} <= set(benchmarks())
    assert "wire" not in benchmarks()  # what others use has no main()
    for name, says in benchmarks().items():
        assert says.endswith("."), name
        assert says in said


def test_an_unknown_name_is_named_and_nothing_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["delivery", "pollin"]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert "no benchmark 'pollin'. Did you mean polling?" in said.err
