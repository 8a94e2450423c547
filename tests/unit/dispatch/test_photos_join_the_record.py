"""DP-08: pictures of the work, a bounded number of them, also when they are sent late."""

from aftercare_events.catalogue import case as c
from dispatch.domain import commands as cmd
from dispatch.domain.attending import MOST_PHOTOS
from support.dispatch_cases import CASE, Given, after, assigned, at, recorded, reported

PHOTO = c.PhotoAdded(case_id=CASE, photo="p-1")
RESOLVED = c.CaseResolved(case_id=CASE)


def add(minutes: int) -> cmd.AddPhoto:
    return cmd.AddPhoto(case_id=CASE, at=at(minutes), photo="p-1")


def test_photo_joins_the_case() -> None:
    Given(reported(), assigned()).when(add(20)).then(PHOTO)
    assert after(reported(), PHOTO, PHOTO).photos == ("p-1", "p-1")


def test_photo_taken_before_resolution_may_be_sent_after_it() -> None:
    given = Given(reported(), recorded(), RESOLVED)
    given.when(add(15)).then(PHOTO)
    given.when(add(25)).refused("case-resolved")


def test_photos_are_bounded() -> None:
    Given(reported(), *[PHOTO] * MOST_PHOTOS).when(add(400)).refused("too-many-photos")


def test_signature_is_of_the_last_sign_off() -> None:
    signed = c.CaseSignedOff(case_id=CASE, signature="s-1")
    assert after(reported(), recorded(), RESOLVED, signed).signature == "s-1"
    sign = cmd.SignOff(case_id=CASE, at=at(60), signature="s-1")
    Given(reported(), recorded(), RESOLVED).when(sign).then(signed)
