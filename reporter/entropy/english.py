"""Ordinary English prose of four authors, in the public domain, to hold the entropy of a reply against.

Shipped rather than taken from a dependency: the texts that come with Python (its reference manual, licences)
are technical, are full of code, and change between versions, and the reference level with them.
"""

from __future__ import annotations

CARROLL_1865 = (
    "Alice was beginning to get very tired of sitting by her sister on the bank, and of having "
    "nothing to do: once or twice she had peeped into the book her sister was reading, but it had no "
    'pictures or conversations in it, "and what is the use of a book," thought Alice "without '
    'pictures or conversations?"\n\n'
    "So she was considering in her own mind (as well as she could, for the hot day made her feel very "
    "sleepy and stupid), whether the pleasure of making a daisy-chain would be worth the trouble of "
    "getting up and picking the daisies, when suddenly a White Rabbit with pink eyes ran close by "
    "her.\n\n"
    "There was nothing so very remarkable in that; nor did Alice think it so very much out of the way "
    'to hear the Rabbit say to itself, "Oh dear! Oh dear! I shall be late!" (when she thought it over '
    "afterwards, it occurred to her that she ought to have wondered at this, but at the time it all "
    "seemed quite natural); but when the Rabbit actually took a watch out of its waistcoat-pocket, "
    "and looked at it, and then hurried on, Alice started to her feet, for it flashed across her mind "
    "that she had never before seen a rabbit with either a waistcoat-pocket, or a watch to take out "
    "of it, and burning with curiosity, she ran across the field after it, and fortunately was just "
    "in time to see it pop down a large rabbit-hole under the hedge.\n\n"
    "In another moment down went Alice after it, never once considering how in the world she was to "
    "get out again.\n\n"
    "The rabbit-hole went straight on like a tunnel for some way, and then dipped suddenly down, so "
    "suddenly that Alice had not a moment to think about stopping herself before she found herself "
    "falling down a very deep well.\n\n"
    "Either the well was very deep, or she fell very slowly, for she had plenty of time as she went "
    "down to look about her and to wonder what was going to happen next."
)

AUSTEN_1813 = (
    "It is a truth universally acknowledged, that a single man in possession of a good fortune, must "
    "be in want of a wife.\n\n"
    "However little known the feelings or views of such a man may be on his first entering a "
    "neighbourhood, this truth is so well fixed in the minds of the surrounding families, that he is "
    "considered as the rightful property of some one or other of their daughters.\n\n"
    '"My dear Mr. Bennet," said his lady to him one day, "have you heard that Netherfield Park is let '
    'at last?"\n\n'
    "Mr. Bennet replied that he had not.\n\n"
    '"But it is," returned she; "for Mrs. Long has just been here, and she told me all about it."\n\n'
    "Mr. Bennet made no answer.\n\n"
    '"Do not you want to know who has taken it?" cried his wife impatiently.\n\n'
    '"You want to tell me, and I have no objection to hearing it."\n\n'
    "This was invitation enough.\n\n"
    '"Why, my dear, you must know, Mrs. Long says that Netherfield is taken by a young man of large '
    "fortune from the north of England; that he came down on Monday in a chaise and four to see the "
    "place, and was so much delighted with it that he agreed with Mr. Morris immediately; that he is "
    "to take possession before Michaelmas, and some of his servants are to be in the house by the end "
    'of next week."\n\n'
    '"What is his name?"\n\n'
    '"Bingley."\n\n'
    '"Is he married or single?"\n\n'
    '"Oh! single, my dear, to be sure! A single man of large fortune; four or five thousand a year. '
    'What a fine thing for our girls!"\n\n'
    '"How so? how can it affect them?"\n\n'
    '"My dear Mr. Bennet," replied his wife, "how can you be so tiresome! You must know that I am '
    'thinking of his marrying one of them."'
)

LINCOLN_1863 = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, "
    "conceived in Liberty, and dedicated to the proposition that all men are created equal.\n\n"
    "Now we are engaged in a great civil war, testing whether that nation, or any nation so conceived "
    "and so dedicated, can long endure. We are met on a great battle-field of that war. We have come "
    "to dedicate a portion of that field, as a final resting place for those who here gave their "
    "lives that that nation might live. It is altogether fitting and proper that we should do this.\n\n"
    "But, in a larger sense, we can not dedicate -- we can not consecrate -- we can not hallow -- "
    "this ground. The brave men, living and dead, who struggled here, have consecrated it, far above "
    "our poor power to add or detract. The world will little note, nor long remember what we say "
    "here, but it can never forget what they did here. It is for us the living, rather, to be "
    "dedicated here to the unfinished work which they who fought here have thus far so nobly "
    "advanced. It is rather for us to be here dedicated to the great task remaining before us -- that "
    "from these honored dead we take increased devotion to that cause for which they gave the last "
    "full measure of devotion -- that we here highly resolve that these dead shall not have died in "
    "vain -- that this nation, under God, shall have a new birth of freedom -- and that government of "
    "the people, by the people, for the people, shall not perish from the earth."
)

DARWIN_1859 = (
    'When on board H.M.S. "Beagle," as naturalist, I was much struck with certain facts in the '
    "distribution of the inhabitants of South America, and in the geological relations of the present "
    "to the past inhabitants of that continent. These facts seemed to me to throw some light on the "
    "origin of species -- that mystery of mysteries, as it has been called by one of our greatest "
    "philosophers. On my return home, it occurred to me, in 1837, that something might perhaps be "
    "made out on this question by patiently accumulating and reflecting on all sorts of facts which "
    "could possibly have any bearing on it. After five years' work I allowed myself to speculate on "
    "the subject, and drew up some short notes; these I enlarged in 1844 into a sketch of the "
    "conclusions, which then seemed to me probable: from that period to the present day I have "
    "steadily pursued the same object. I hope that I may be excused for entering on these personal "
    "details, as I give them to show that I have not been hasty in coming to a decision.\n\n"
    "My work is now nearly finished; but as it will take me two or three more years to complete it, "
    "and as my health is far from strong, I have been urged to publish this Abstract. I have more "
    "especially been induced to do this, as Mr. Wallace, who is now studying the natural history of "
    "the Malay archipelago, has arrived at almost exactly the same general conclusions that I have on "
    "the origin of species."
)

PASSAGES = {
    "Carroll 1865": CARROLL_1865,
    "Austen 1813": AUSTEN_1813,
    "Lincoln 1863": LINCOLN_1863,
    "Darwin 1859": DARWIN_1859,
}
