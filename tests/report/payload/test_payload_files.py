"""Files of the payload chapter are written only where there is a payload."""

from tests.report.made_up_study import made_up_study

from lupex.report.payload.payload_files import write_payload


def test_without_a_payload_nothing_is_written(tmp_path):
    write_payload(made_up_study(), tmp_path)
    assert list(tmp_path.iterdir()) == []
