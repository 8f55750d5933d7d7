-- The subjects at the first start. They belong to the people who run the place: nothing here overwrites them later.

INSERT INTO categories (slug, name, about, audience, position) VALUES
    ('relactation', 'Relactation', 'Starting again after a stop', 'public', 1),
    ('induced-lactation', 'Induced lactation', 'Milk without a pregnancy', 'public', 2),
    ('adoption-and-surrogacy', 'Adoption and surrogacy', 'Timelines, papers, first meetings', 'public', 3),
    ('pumping-and-let-down', 'Pumping and let-down', 'Flanges, work, cupboards', 'public', 4),
    ('feeding-at-the-breast-again', 'Feeding at the breast again', 'Bottles to skin, tubes, latch', 'public', 5),
    ('medication-and-herbs', 'Medication and herbs', 'What was taken, what was asked', 'public', 6),
    ('feelings', 'Feelings', 'What it is like, apart from the milk', 'members', 7),
    ('ask-a-consultant', 'Ask a consultant', 'Answered by verified IBCLCs', 'public', 8),
    ('house', 'House', 'About this place', 'public', 9);
