"""Ledger actions of committees. Single opinions and votes are never recorded: their salted hash is, once, when all are opened."""

from trygg.kernel.ledger import register_action

register_action("committees.committee_created", en="Set up a committee", sv="Inrättade en kommitté")
register_action("committees.charter_set", en="Set version {version} of a committee's charter", sv="Fastställde version {version} av en kommittés stadga")
register_action("committees.seat_filled", en="Filled a seat for {group}", sv="Tillsatte en plats för {group}")
register_action("committees.seat_ended", en="Ended a seat for {group}", sv="Avslutade en plats för {group}")
register_action(
    "committees.item_called", en="Called a matter before the committee, on a frozen snapshot",
    sv="Tog upp ett ärende i kommittén, på ett fryst underlag",
)
register_action("committees.interest_declared", en="Declared an interest", sv="Anmälde ett eget intresse")
register_action("committees.member_recused", en="Noted that a member is recused", sv="Noterade jäv för en ledamot")
register_action("committees.opinions_asked", en="Asked for sealed first opinions", sv="Bad om förseglade första åsikter")
register_action("committees.opinions_opened", en="Opened {count} first opinions, hash {hash}", sv="Öppnade {count} första åsikter, kontrollsumma {hash}")
register_action("committees.notes_written", en="Wrote notes of the discussion", sv="Skrev anteckningar från samtalet")
register_action("committees.voting_opened", en="Put a proposal to the vote: {kind}", sv="Tog upp ett förslag till omröstning: {kind}")
register_action(
    "committees.voting_closed", en="Closed a vote: {yes} for, {no} against, hash {hash}",
    sv="Stängde en omröstning: {yes} ja, {no} nej, kontrollsumma {hash}",
)
register_action("committees.dissent_written", en="Wrote a dissenting opinion", sv="Skrev en avvikande mening")
register_action("committees.dissent_joined", en="Supported a dissenting opinion", sv="Ställde sig bakom en avvikande mening")
register_action("committees.advice_given", en="Gave advice: {kind}", sv="Gav råd: {kind}")
register_action(
    "committees.decision_recorded", en="Recorded the answer of the body that decides: {answer}",
    sv="Noterade svaret från den som beslutar: {answer}",
)
register_action("committees.proposal_fell", en="Went back to the discussion after a proposal fell", sv="Återgick till samtalet efter att ett förslag fallit")
