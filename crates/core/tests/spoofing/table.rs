//! Rows written by hand, each from the rules: what the site says of trust, From, Authentication-Results, token, what it answers,
//! what it asks for, and where they differ from the plainest, `rt=` Reply-To, `sn=` Sender, `env=` the envelope; then verdict, trust
//! and who is mailed. The words are those of `world`.

pub(crate) const ROWS: &str = "
# No border. The requestor writes: in whatever way it names the ticket, it is hers.
weak carla - - - reply | created claimed anna carla otto
weak carla - - tag reply | corresponded claimed anna otto
weak carla - - hers reply | corresponded claimed anna otto
weak carla - - ours reply | corresponded token anna otto
weak carla - own - reply | corresponded token anna otto
weak carla - own tag reply | corresponded token anna otto
weak carla - own ours reply | corresponded token anna otto
weak carla - bent - reply | corresponded claimed anna otto
weak carla - old - reply | corresponded claimed anna otto
weak carla - old tag reply | corresponded claimed anna otto
weak carla - bent ours reply | corresponded token anna otto
weak carla - - old reply | created claimed anna carla otto
# A technician's token or Message-ID in her hands makes her no technician.
weak carla - annas - reply | corresponded claimed anna otto
weak carla - annas tag reply | corresponded claimed anna otto
weak carla - annas staffs reply | corresponded claimed anna otto
weak carla - annas staffs resolve | corresponded claimed anna otto
weak carla - - staffs reply | corresponded claimed anna otto
weak carla - - staffs take | corresponded claimed anna otto
weak carla - - staffs resolve | corresponded claimed anna otto
# What she says where staff talk stays there.
weak carla - - comment reply | commented claimed anna otto
weak carla - annas comment reply | commented claimed anna otto
weak carla - own comment reply | commented token anna otto
weak carla - - comment resolve | commented claimed anna otto
weak carla - - comment take | commented claimed anna otto
weak carla - - tag note | commented claimed anna otto
weak carla - - ours note | commented token anna otto
weak carla - own - note | commented token anna otto
weak carla - - - note | created claimed anna carla otto
# She takes and resolves nothing.
weak carla - - tag take | corresponded claimed anna otto
weak carla - - tag resolve | corresponded claimed anna otto
weak carla - - ours take | corresponded token anna otto
weak carla - - ours resolve | corresponded token anna otto
weak carla - own - resolve | corresponded token anna otto
weak carla - - - resolve | created claimed anna carla otto
weak carla - - - take | created claimed anna carla otto
# Other headers change nothing but where an acknowledgement goes.
weak carla - - - reply rt=else | created claimed anna drop otto
weak carla - - - reply rt=anna | created claimed anna otto
weak carla - - - reply sn=anna | created claimed anna carla otto
weak carla - - - reply env=else | created claimed anna carla otto
weak carla - - - reply env=unknown | created claimed anna carla otto
weak carla - - tag reply rt=else | corresponded claimed anna otto
weak carla - - tag reply rt=anna | corresponded claimed anna otto
weak carla - - tag reply sn=anna | corresponded claimed anna otto
weak carla - - tag resolve rt=anna sn=anna | corresponded claimed anna otto
weak carla - - tag reply env=else | corresponded claimed anna otto
# Without a border nobody's results count, good or bad.
weak carla pass - tag reply | corresponded claimed anna otto
weak carla alone - tag reply | corresponded claimed anna otto
weak carla fail - tag reply | corresponded claimed anna otto
weak carla fail - - reply | created claimed anna carla otto

# A customer of another ticket has no part in this one, whatever it names.
weak dora - - - reply | created claimed anna dora otto
weak dora - - tag reply | created claimed anna dora otto
weak dora - - hers reply | created claimed anna dora otto
weak dora - - ours reply | created claimed anna dora otto
weak dora - - staffs reply | created claimed anna dora otto
weak dora - carlas - reply | created claimed anna dora otto
weak dora - carlas ours reply | created claimed anna dora otto
weak dora - annas staffs reply | created claimed anna dora otto
weak dora - bent - reply | created claimed anna dora otto
weak dora - old - reply | created claimed anna dora otto
weak dora - - tag resolve | created claimed anna dora otto
weak dora - - tag take | created claimed anna dora otto
weak dora - - staffs resolve | created claimed anna dora otto
weak dora - - comment reply | quarantined claimed
weak dora - - tag note | quarantined claimed
weak dora - carlas - note | quarantined claimed
weak dora - annas comment reply | quarantined claimed
weak dora - - - note | created claimed anna dora otto
weak dora pass - tag reply | created claimed anna dora otto

# A stranger gets a ticket of his own, linked, and nothing of hers.
weak mallory - - - reply | created claimed anna mallory otto
weak mallory - - tag reply | created claimed anna mallory otto
weak mallory - - hers reply | created claimed anna mallory otto
weak mallory - - ours reply | created claimed anna mallory otto
weak mallory - - staffs reply | created claimed anna mallory otto
weak mallory - - staffs resolve | created claimed anna mallory otto
weak mallory - carlas - reply | created claimed anna mallory otto
weak mallory - carlas tag reply | created claimed anna mallory otto
weak mallory - annas - reply | created claimed anna mallory otto
weak mallory - annas staffs take | created claimed anna mallory otto
weak mallory - bent tag reply | created claimed anna mallory otto
weak mallory - old ours reply | created claimed anna mallory otto
weak mallory - - old reply | created claimed anna mallory otto
weak mallory - - comment reply | quarantined claimed
weak mallory - - comment resolve | quarantined claimed
weak mallory - annas comment note | quarantined claimed
weak mallory - - tag note | quarantined claimed
weak mallory - - ours note | quarantined claimed
weak mallory alone - tag resolve | created claimed anna mallory otto
weak mallory - - hers reply rt=carla | created claimed anna carla otto
weak mallory - - tag reply rt=carla | created claimed anna otto
weak mallory - - tag reply rt=else | created claimed anna otto
weak mallory - carlas - reply rt=else | created claimed anna otto
weak mallory - - tag reply rt=anna | created claimed anna otto
weak mallory - - tag reply sn=carla | created claimed anna mallory otto
weak mallory - - staffs reply sn=anna | created claimed anna mallory otto
weak mallory - - ours reply sn=carla env=else | created claimed anna mallory otto

# Without a border: whoever says they work here does nothing on a ticket by a tag, a customer's id, a token.
weak anna - - tag reply | quarantined claimed
weak anna - - hers reply | quarantined claimed
weak anna - - ours reply | quarantined claimed
weak anna - - tag note | quarantined claimed
weak anna - - tag take | quarantined claimed
weak anna - - tag resolve | quarantined claimed
weak anna - - ours resolve | quarantined claimed
weak anna - - hers note | quarantined claimed
weak anna - own - reply | quarantined token
weak anna - own tag reply | quarantined token
weak anna - own - resolve | quarantined token
weak anna - own - note | quarantined token
weak anna - carlas - reply | quarantined claimed
weak anna - carlas ours reply | quarantined claimed
weak anna - bent - reply | quarantined claimed
weak anna - old - reply | quarantined claimed
weak anna - old tag resolve | quarantined claimed
weak anna pass - tag reply | quarantined claimed
weak anna alone - tag resolve | quarantined claimed
weak anna many - tag note | quarantined claimed
weak anna - - tag reply sn=anna | quarantined claimed
weak anna - - tag reply rt=anna env=else | quarantined claimed
weak anna - - tag reply rt=carla | quarantined claimed
weak ben - - tag reply | quarantined claimed
weak ben - - tag resolve | quarantined claimed
weak ben - carlas tag take | quarantined claimed
weak otto - - tag reply | quarantined claimed
weak otto - - ours resolve | quarantined claimed
weak otto - own - reply | quarantined token
weak otto - - hers take | quarantined claimed
# Ben was mailed none of it: an id that others had shows nobody to be Ben.
weak ben - - staffs reply | quarantined claimed
weak ben - - staffs resolve | quarantined claimed
weak ben - - comment reply | quarantined claimed
weak ben - annas staffs reply | quarantined claimed
# Who answers a mail that went to them as staff is believed.
weak anna - - staffs reply | corresponded token carla otto
weak anna - own staffs reply | corresponded token carla otto
weak anna - - staffs note | commented token otto
weak anna - - staffs resolve | commanded token carla
weak anna - - staffs take | recorded token
weak anna - - comment reply | commented token otto
weak anna - - comment resolve | commanded token carla
weak otto - - staffs reply | corresponded token anna carla
weak otto - - staffs resolve | commanded token anna carla
weak otto - - staffs take | recorded token
weak otto - - comment reply | commented token anna
weak otto - - comment note | commented token anna
weak otto - bent staffs reply | corresponded token anna carla
weak anna - - staffs reply rt=else | corresponded token carla otto
# Not by a key that is retired.
weak anna - - old resolve | created claimed anna otto
weak anna - old old reply | quarantined claimed
weak otto - - old reply | created claimed anna otto
# Anybody may open tickets, in any name.
weak anna - - - reply | created claimed anna otto
weak ben - - - reply | created claimed anna ben otto
weak otto - - - reply | created claimed anna otto
weak anna - - - note | created claimed otto
weak ben - - - note | created claimed anna otto
weak ben - - - resolve | created claimed anna ben otto
weak anna - - - reply rt=else | created claimed drop otto
weak ben - - - reply rt=anna | created claimed anna otto

# Mail in our own name, and in nobody's.
weak queue - - - reply | created claimed anna otto
weak queue - - tag reply | created claimed anna otto
weak queue - - staffs resolve | created claimed anna otto
weak queue - - comment reply | quarantined claimed
weak queue - - tag note | quarantined claimed
weak queue - - - reply rt=else | created claimed anna otto
weak queue - annas - take | created claimed anna otto
weak nobody - - - reply | created none anna otto
weak nobody - - tag reply | created none anna otto
weak nobody - - staffs resolve | created none anna otto
weak nobody - - comment reply | quarantined none
weak nobody - carlas - note | quarantined none
weak nobody - - tag reply sn=anna | created none anna otto
weak nobody - - - reply rt=carla | created none anna otto
weak nobody - - tag resolve sn=carla rt=carla | created none anna otto

# Machines: they join where their sender has a part, tell staff, and nothing moves.
weak carla - - tag reply env=null | joined claimed anna otto
weak carla - - ours resolve env=null | joined token anna otto
weak carla - - comment reply env=null | joined claimed anna otto
weak carla - - - reply env=null | recorded claimed
weak dora - - tag reply env=null | recorded claimed
weak dora - - ours reply env=null | recorded claimed
weak mallory - - staffs reply env=null | recorded claimed
weak mallory - carlas - resolve env=null | recorded claimed
weak anna - - tag reply env=null | recorded claimed
weak anna - - hers resolve env=null | recorded claimed
weak anna - - ours reply env=null | joined claimed otto
weak anna - - staffs resolve env=null | joined token otto
weak ben - - staffs reply env=null | joined claimed anna otto
weak anna - own - reply env=null | recorded token
weak queue - - tag reply env=null | recorded claimed
weak nobody - - ours reply env=null | recorded none

# A border that a probe saw: who is proven may do what they may.
strong anna pass - tag reply | corresponded authenticated carla otto
strong anna pass - hers reply | corresponded authenticated carla otto
strong anna pass - ours reply | corresponded authenticated carla otto
strong anna pass - tag note | commented authenticated otto
strong anna pass - tag resolve | commanded authenticated carla
strong anna pass - tag take | recorded authenticated
strong anna pass - comment reply | commented authenticated otto
strong ben pass - tag reply | corresponded authenticated anna carla otto
strong ben pass - tag note | commented authenticated anna otto
strong ben pass - tag resolve | commanded authenticated anna carla
strong ben pass - tag take | recorded authenticated
strong ben pass - staffs reply | corresponded authenticated anna carla otto
strong ben pass - comment reply | commented authenticated anna otto
strong otto pass - tag reply | corresponded authenticated anna carla
strong otto pass - tag resolve | commanded authenticated anna carla
strong otto pass carlas - reply | corresponded authenticated anna carla
strong carla pass - tag reply | corresponded authenticated anna otto
strong carla pass - tag resolve | corresponded authenticated anna otto
strong carla pass - tag note | commented authenticated anna otto
strong carla pass - staffs take | corresponded authenticated anna otto
strong mallory pass - tag reply | created authenticated anna mallory otto
strong mallory pass carlas - reply | created authenticated anna mallory otto
strong mallory pass - comment reply | quarantined authenticated
strong dora pass - ours resolve | created authenticated anna dora otto
strong queue pass - tag resolve | created authenticated anna otto
strong nobody pass - tag resolve | created none anna otto
strong anna pass - - reply | created authenticated anna otto
strong anna pass - tag reply sn=carla | corresponded authenticated carla otto
strong anna pass - tag reply rt=else env=else | corresponded authenticated carla otto
# And nobody else, whatever they know: no token, no Message-ID, no forged line.
strong anna - - tag reply | quarantined claimed
strong anna - - staffs reply | quarantined token
strong anna - - staffs resolve | quarantined token
strong anna - - comment reply | quarantined token
strong anna - own staffs reply | quarantined token
strong anna - own - take | quarantined token
strong anna below - staffs resolve | quarantined token
strong anna below - tag reply | quarantined claimed
strong anna many - tag reply | quarantined claimed
strong anna many own staffs resolve | quarantined token
strong anna alone - tag resolve | quarantined claimed
strong anna alone - comment note | quarantined token
strong anna other - tag reply | quarantined claimed
strong anna other own staffs take | quarantined token
strong anna foreign - tag reply | quarantined claimed
strong anna foreign - staffs reply | quarantined token
strong anna - - tag reply sn=anna rt=anna | quarantined claimed
strong ben alone - tag resolve | quarantined claimed
strong ben foreign - staffs resolve | quarantined claimed
strong otto - - staffs reply | quarantined token
strong otto many - tag resolve | quarantined claimed
strong otto below own comment reply | quarantined token
strong anna below - - reply | created claimed anna otto
strong anna alone - - note | created claimed otto
# Customers are recorded as before.
strong carla - - tag reply | corresponded claimed anna otto
strong carla alone - tag reply | corresponded claimed anna otto
strong carla below own - reply | corresponded token anna otto
strong carla foreign - ours reply | corresponded token anna otto
strong carla other - staffs resolve | corresponded claimed anna otto
strong carla many - comment reply | commented claimed anna otto
strong mallory alone - tag reply | created claimed anna mallory otto
strong mallory many annas staffs resolve | created claimed anna mallory otto
strong mallory other - comment reply | quarantined claimed
strong dora foreign carlas tag reply | created claimed anna dora otto
# What its domain disowns is held, whoever it names and whatever it answers.
strong carla fail - tag reply | quarantined claimed
strong carla fail own ours reply | quarantined token
strong carla fail - - reply | quarantined claimed
strong anna fail - tag resolve | quarantined claimed
strong anna fail - staffs reply | quarantined token
strong mallory fail - - reply | quarantined claimed
strong queue fail - tag reply | quarantined claimed
strong dora fail - comment note | quarantined claimed
# Machines are nobody's proof, and nobody's commands.
strong anna pass - tag resolve env=null | recorded authenticated
strong anna pass - staffs resolve env=null | joined authenticated otto
strong carla pass - tag resolve env=null | joined authenticated anna otto
strong mallory alone - ours take env=null | recorded claimed
strong carla fail - tag reply env=null | joined claimed anna otto

# A border that no probe saw yet: nothing that it writes is believed, and nobody acts as staff by mail.
unprobed anna pass - tag reply | quarantined claimed
unprobed anna pass - tag resolve | quarantined claimed
unprobed anna pass - staffs reply | quarantined token
unprobed anna pass own comment note | quarantined token
unprobed anna - - staffs reply | quarantined token
unprobed anna - - comment reply | quarantined token
unprobed anna alone - tag take | quarantined claimed
unprobed anna other - tag note | quarantined claimed
unprobed ben pass - tag reply | quarantined claimed
unprobed otto pass - staffs resolve | quarantined token
unprobed otto many - hers reply | quarantined claimed
unprobed anna pass - - reply | created claimed anna otto
unprobed carla pass - tag reply | corresponded claimed anna otto
unprobed carla - own - reply | corresponded token anna otto
unprobed carla alone - staffs resolve | corresponded claimed anna otto
unprobed carla below - comment reply | commented claimed anna otto
unprobed mallory pass - tag reply | created claimed anna mallory otto
unprobed mallory pass - tag note | quarantined claimed
unprobed dora many carlas - take | created claimed anna dora otto
unprobed carla fail - tag reply | quarantined claimed
unprobed anna fail - staffs resolve | quarantined token
unprobed nobody pass - staffs resolve | created none anna otto
unprobed queue pass - tag take | created claimed anna otto
unprobed anna pass - staffs resolve env=null | joined token otto
";
