"""Ledger actions of people and organisations."""

from trygg.kernel.ledger import register_action

register_action("people.organisation_added", en="Added an organisation", sv="Lade till en organisation")
register_action("people.partnership_made", en="Made a partnership", sv="Bildade ett partnerskap")
register_action("people.partnership_joined", en="Joined a partnership", sv="Gick med i ett partnerskap")
register_action("people.member_added", en="Gave someone a role: {role}", sv="Gav någon en roll: {role}")
register_action("people.membership_ended", en="Ended a role: {role}", sv="Avslutade en roll: {role}")
register_action("people.invitation_sent", en="Invited someone as {role}", sv="Bjöd in någon som {role}")
register_action("people.invitation_withdrawn", en="Withdrew an invitation", sv="Drog tillbaka en inbjudan")
register_action("people.invitation_accepted", en="Accepted an invitation", sv="Tackade ja till en inbjudan")
register_action("people.link_made", en="Made a one-purpose link", sv="Gjorde en länk för ett enda ändamål")
register_action("people.link_code_sent", en="Sent the code of a one-purpose link", sv="Skickade koden till en länk")
register_action("people.link_used", en="Signed in by a one-purpose link", sv="Loggade in med en länk")
register_action("people.link_refused", en="A wrong code was given for a link", sv="Fel kod angavs för en länk")
register_action("people.signed_in", en="Signed in", sv="Loggade in")
