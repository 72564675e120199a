"""Ledger actions of meetings."""

from trygg.kernel.ledger import register_action

register_action("meetings.meeting_planned", en="Called a meeting", sv="Kallade till ett möte")
register_action("meetings.meeting_moved", en="Changed time or place of a meeting", sv="Ändrade tid eller plats för ett möte")
register_action("meetings.item_added", en="Put item {number} on the agenda", sv="Satte upp punkt {number} på dagordningen")
register_action("meetings.attendance_noted", en="Noted who was present: {present} of {expected}", sv="Noterade närvaron: {present} av {expected}")
register_action("meetings.meeting_opened", en="Opened a meeting", sv="Öppnade ett möte")
register_action("meetings.meeting_closed", en="Closed a meeting", sv="Avslutade ett möte")
register_action("meetings.minutes_written", en="Wrote minutes", sv="Skrev minnesanteckningar")
register_action("meetings.action_added", en="Noted what is to be done", sv="Noterade vad som ska göras")
register_action("meetings.action_finished", en="Said that an agreed thing is done", sv="Angav att något som bestämts är gjort")
