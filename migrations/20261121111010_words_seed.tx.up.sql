-- The first rules. Their wording says what common guidance says and waits for somebody of the staff to check it.

INSERT INTO word_rules (id, kind, position, version, title, text, terms) VALUES
('crisis', 'crisis', 1, '2026-11-21', 'You do not have to carry this alone',
 'If you are thinking of dying, or of hurting yourself, somebody can talk with you now, day and night. You do not have to be sure that it is bad enough.',
 ARRAY[
   'want|wanted|wanting to die', 'want|wanted|wanting to just|simply die', 'wanna die', 'wish i was|were dead', 'wish i would die', 'wish i could die',
   'rather be dead', 'better off dead', 'better off without me', 'better without me here',
   'kill|killing|killed myself', 'suicide|suicidal', 'end|ending my life', 'end|ending it all', 'take|taking my own life',
   'hurt|hurting|harm|harming|cutting myself', 'self harm|harming|injury', 'selfharm|selfharming',
   'dont|not want to live', 'dont|not wanna live', 'dont|not want to be alive', 'dont|not wanna be alive', 'dont|not want to be here any|anymore',
   'dont|not want to exist', 'dont|not want to wake up', 'no longer want to live', 'no longer want to be here|alive',
   'no reason to live', 'nothing to live for', 'tired of living', 'cant|cannot go on living|anymore', 'thoughts of dying|death'
 ]),
('baby-nappies', 'baby', 2, '2026-11-21', 'A baby with few wet nappies should be seen today',
 'Far fewer wet nappies than usual can mean that a baby gets too little milk. Please see a paediatrician, or call your doctor or midwife, today. Feed the baby in whatever way works until then.',
 ARRAY[
   'no|few|fewer|less|hardly|barely|without … wet nappy|diaper', 'not enough wet nappy|diaper', 'only one|two|three|1|2|3 … wet nappy|diaper',
   'just one|two|three|1|2|3 … wet nappy|diaper', 'no pee|wee in … nappy|diaper', 'nappy|diaper is|are|was|were|been|stay|stayed … dry',
   'not|hasnt|havent|didnt … wet … nappy|diaper', 'hasnt peed|weed|urinated', 'has not peed|weed|urinated'
 ]),
('baby-weight', 'baby', 3, '2026-11-21', 'A baby who gains too little should be seen today',
 'When a baby gains little weight or loses some, somebody should look at it soon. Please see a paediatrician, or call your doctor or midwife, today. How much milk to give besides is theirs to plan with you.',
 ARRAY[
   'poor|slow|bad|little|low|no|insufficient weight gain', 'weight gain is|was poor|slow|low|bad', 'not|isnt|wasnt|arent|hardly|barely|stopped gaining … weight|well|enough',
   'baby|she|he|newborn|daughter|son|twin … not|isnt|hardly|barely|stopped gaining', 'baby|she|he|newborn|daughter|son|twin … not|hasnt gained',
   'not|isnt|hasnt put|putting on … weight', 'failure to thrive', 'failing to thrive', 'faltering growth',
   'baby|she|he|newborn|daughter|son|twin is|has|keeps|have … lost|losing weight', 'baby|she|he|newborn|daughter|son|twin|hes|shes lost|losing weight',
   'dropped|dropping|falling|fell … centile|percentile', 'under|below birth weight'
 ]),
('baby-formula', 'baby', 4, '2026-11-21', 'Please do not stop formula at once',
 'A baby who has lived on formula needs it until milk has truly taken its place. Before you stop it or leave out more of it, please see a paediatrician today: together you can go down step by step, with the baby weighed on the way.',
 ARRAY[
   'stop|stopped|stopping|quit|quitting|dropped|dropping|cut|cutting … formula … overnight|suddenly|abruptly|completely|entirely|altogether|today|tomorrow|tonight',
   'stop|stopped|stopping|quit|quitting|dropped|dropping|cut|cutting … formula … at once', 'stop|stopped|stopping|quit|quitting|dropped|dropping|cut|cutting … formula … cold turkey',
   'stop|stopped|stopping|quit|quitting|drop|dropped|dropping|cut|cutting out|off|all formula', 'stop|stopped|stopping|quit|quitting|drop|dropped|dropping|cut|cutting out all formula',
   'stop|stopped|stopping|quit|quitting|drop|dropped|dropping all … formula|bottle|supplement', 'cold turkey … formula', 'formula cold turkey', 'suddenly|abruptly stop|stopped|stopping … formula'
 ]);

--bun:split

INSERT INTO word_rules (id, kind, position, version, title, text, dose_text, terms) VALUES
('domperidone', 'notice', 10, '2026-11-21', 'Care note: domperidone',
 'Domperidone (Motilium) can disturb the rhythm of the heart, more so with some other medicines. In most countries it needs a prescription, and rules differ. Please ask a doctor or pharmacist before you start it, change it or stop it.',
 'An amount that is named here was meant for one person. The risk to the heart grows with the dose, so please do not take over anybody''s: a doctor who knows your heart and your other medicines decides on yours.',
 ARRAY['domperidone|domperidon|domperidona|motilium', 'domperidom|domperidome|domperidine|domperidione|domperodone|domparidone|dompiridone|domperiodone|domperadone|domperidoine|domepridone|dompridone',
   'motillium|motilum|motiliun|motilliam|peridys|nauzelin|vometa|vivadone']),
('metoclopramide', 'notice', 11, '2026-11-21', 'Care note: metoclopramide',
 'Metoclopramide (Reglan, Maxolon) can weigh on the mood and cause movements that one cannot control, some of which may last. It needs a prescription and is meant for a short time. Please ask a doctor or pharmacist before you start it, change it or stop it, and tell them if you have ever been depressed.',
 'An amount that is named here was meant for one person. Its effects on mood and movement grow with the dose and with time, so please do not take over anybody''s: your doctor decides on yours.',
 ARRAY['metoclopramide|metoclopramid|metoclopramida|reglan|maxolon|primperan|paspertin', 'metaclopramide|metoclopromide|metoclopramine|metochlopramide|metoclopamide|metoclopermide|metroclopramide|metoclorpramide',
   'regland|reglen|maxalon|maxolone|primperam']),
('chlorpromazine', 'notice', 12, '2026-11-21', 'Care note: chlorpromazine',
 'Chlorpromazine (Largactil, Thorazine) is a strong medicine for the mind. It can make parent and baby drowsy, lower the blood pressure and disturb movement and the heart''s rhythm. It needs a prescription. Please ask a doctor or pharmacist before you start it, change it or stop it.',
 'An amount that is named here was meant for one person. Please do not take over anybody''s dose: your doctor decides on yours.',
 ARRAY['chlorpromazine|chlorpromazin|clorpromazina|largactil|thorazine', 'clorpromazine|chlorpromozine|chlorpramazine|chlorpromizine|chlorpromazene|clorpromazin|thorazin|thorizine|largactyl']),
('oral-contraceptives', 'notice', 13, '2026-11-21', 'Care note: hormonal contraceptives',
 'Hormonal contraceptives, as some plans for inducing milk use them, can raise the risk of blood clots, more so for people who smoke, have migraine or have had a clot. Some of them can lower the supply of milk. Please plan them with a doctor who knows your history.',
 'An amount that is named here was meant for one person. Taking more of these pills, or taking them without a break, is for a doctor to decide.',
 ARRAY['oral contraceptive|contraception', 'hormonal contraceptive|contraception', 'contraceptive pill|tablet', 'birth control pill|tablet', 'combined|combination|progestin|progestogen|progesterone|oestrogen|estrogen … pill',
   'mini pill', 'minipill', 'active pill', 'microgynon|marvelon|loestrin|alesse|rigevidon|cilest|levlen|dianette|microlut|cerazette|microgestin|desogestrel|levonorgestrel|drospirenone',
   'yasmin|yaz pill|tablet|contraceptive|contraception', 'ortho novum|tricyclen', 'ortho tri cyclen', 'oral contraseptive|contreceptive|contaceptive', 'microgynin|microginon|marvellon']),
('fenugreek', 'notice', 14, '2026-11-21', 'Care note: fenugreek',
 'There is little evidence that fenugreek makes more milk. It can lower the blood sugar, work against blood thinners and other medicines, upset the stomach, and cause an allergy, above all in people who react to peanuts or chickpeas. Please ask a pharmacist or doctor before you take it.',
 'An amount that is named here was meant for one person. What is in a capsule or a tea differs by maker: please ask a pharmacist before you take over anybody''s.',
 ARRAY['fenugreek|fenugreec|fenugreak|fenegreek|fenugreeek|fenugeek|fenagreek|fenigreek|fengreek|fenugreke|phenugreek', 'fenu greek', 'methi seed|leave|leaf|tea|powder|capsule', 'trigonella', 'bockshornklee|fenogreco|fenugrec']),
('blessed-thistle', 'notice', 15, '2026-11-21', 'Care note: blessed thistle',
 'There is little evidence that blessed thistle makes more milk. It can upset the stomach, act together with other medicines, and cause an allergy in people who react to ragweed, daisies and their relatives. Please ask a pharmacist or doctor before you take it.',
 'An amount that is named here was meant for one person. What is in a capsule or a tea differs by maker: please ask a pharmacist before you take over anybody''s.',
 ARRAY['blessed|blest|holy thistle|thisle|thistel|thissle', 'blesed|bless|blessid thistle', 'blessedthistle', 'cnicus|centaurea benedictus|benedicta', 'cardo bendito|santo']),
('goats-rue', 'notice', 16, '2026-11-21', 'Care note: goat''s rue',
 'There is little evidence that goat''s rue makes more milk. It can lower the blood sugar and act together with medicines for diabetes and others. Please ask a pharmacist or doctor before you take it.',
 'An amount that is named here was meant for one person. What is in a capsule, a drop or a tea differs by maker: please ask a pharmacist before you take over anybody''s.',
 ARRAY['goat|goats|gaots|goast rue|roo|rew', 'goatsrue', 'galega|gallega officinalis', 'galega tea|tincture|capsule|drop|extract|powder']);
