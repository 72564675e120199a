"""What the demo's officers wrote for the public, in both languages."""

READING = {
    "sv": {
        "headline": "Ordstigen hjälper barn att öva läsning",
        "summary": "Barnet läser högt, och Ordstigen föreslår nästa text. Läraren ser var det tar stopp. Läraren bestämmer alltid.",
        "say_no": "Ja. Den som säger nej läser med en vuxen i stället och når samma mål.",
        "data": "Rösten raderas efter ett dygn. Läraren ser vilka ord som var svåra till läsårets slut. Ingen annan får uppgifterna.",
        "human": "Ring skolans expedition. Läraren är alltid i rummet.",
        "child_headline": "Ordstigen är ett program som hör när du läser",
        "child_summary": "Du läser högt. Programmet hör vilka ord som är svåra. Sedan får du en ny text.",
        "child_decides": "Din lärare bestämmer. Blev det fel? Säg det till din lärare.",
        "child_say_no": "Nej. Du får säga nej. Då läser du med en vuxen i stället.",
        "child_data": "Din röst tas bort efter en dag.",
    },
    "en": {
        "headline": "Ordstigen helps children practise reading",
        "summary": "The child reads aloud, and Ordstigen suggests the next text. The teacher sees where it gets hard, and always decides.",
        "say_no": "Yes. Whoever says no reads with an adult instead, and reaches the same goal.",
        "data": "The voice is erased after a day. The teacher sees which words were hard until the school year ends. Nobody else gets it.",
        "human": "Call the school office. The teacher is always in the room.",
        "child_headline": "Ordstigen is a program that hears you read",
        "child_summary": "You read aloud. The program hears which words are hard. Then you get a new text.",
        "child_decides": "Your teacher decides. Did it go wrong? Tell your teacher.",
        "child_say_no": "No. You may say no. Then you read with a grown-up instead.",
        "child_data": "Your voice is taken away after one day.",
    },
}
PRESCHOOL = {
    "en": {
        "headline": "A story helper suggests books to nursery staff",
        "summary": "It suggests picture books and songs from what the group has enjoyed. Children never meet it. Staff choose.",
        "say_no": "Yes. Staff then choose books without it.",
        "data": "Nothing about any child is kept.",
        "human": "A member of staff always chooses. Ask the nursery manager.",
        "child_headline": "Your nursery has a book helper",
        "child_summary": "A grown-up asks it for a book. Then the grown-up chooses.",
        "child_decides": "The grown-ups decide. You may say which book you want.",
        "child_say_no": "No. You may choose another book.",
        "child_data": "No. It knows nothing about you.",
    },
    "sv": {
        "headline": "En sagohjälp föreslår böcker för personalen",
        "summary": "Den föreslår bilderböcker och sånger efter vad gruppen har tyckt om. Barnen möter den aldrig. Personalen väljer.",
        "say_no": "Ja. Personalen väljer då böcker utan den.",
        "data": "Inget om något barn sparas.",
        "human": "Någon i personalen väljer alltid. Fråga chefen på förskolan.",
        "child_headline": "Din förskola har en bokhjälp",
        "child_summary": "En vuxen frågar den om en bok. Sedan väljer den vuxna.",
        "child_decides": "De vuxna bestämmer. Du får säga vilken bok du vill ha.",
        "child_say_no": "Nej. Du får välja en annan bok.",
        "child_data": "Nej. Den vet inget om dig.",
    },
}
