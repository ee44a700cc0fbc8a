/** Words for people of the sample district. Family names are made up; any likeness is chance. */
export const givenNames = [
  ...['Aaliyah', 'Abel', 'Adela', 'Aiko', 'Alma', 'Amara', 'Anders', 'Anika', 'Ari', 'Asha', 'Aurelio', 'Ayla'],
  ...['Basil', 'Beatriz', 'Bodhi', 'Callum', 'Camila', 'Cedric', 'Chiara', 'Cyrus', 'Dalia', 'Darnell', 'Devi'],
  ...['Diego', 'Eamon', 'Edda', 'Eleni', 'Elias', 'Emeka', 'Esra', 'Esther', 'Ezra', 'Farah', 'Felix', 'Fiona'],
  ...['Gideon', 'Greta', 'Hana', 'Hassan', 'Hugo', 'Ida', 'Idris', 'Imani', 'Ines', 'Iris', 'Isaac', 'Ivo', 'Jada'],
  ...['Jamal', 'Jana', 'Joaquin', 'Jonah', 'Juno', 'Kaia', 'Kai', 'Keiko', 'Kofi', 'Lars', 'Layla', 'Leif', 'Leila'],
  ...['Lucia', 'Magnus', 'Maia', 'Malik', 'Mateo', 'Mei', 'Mira', 'Naomi', 'Nia', 'Noor', 'Odin', 'Omar', 'Oona'],
  ...['Paloma', 'Priya', 'Quentin', 'Rafael', 'Ravi', 'Rosa', 'Rowan', 'Samir', 'Sanna', 'Selma', 'Soren', 'Talia'],
  ...['Tariq', 'Tessa', 'Thea', 'Tobias', 'Uma', 'Vera', 'Viggo', 'Willa', 'Ximena', 'Yara', 'Yusuf', 'Zadie', 'Zora'],
] as const;

export const familyNames = [
  ...['Adeberry', 'Alderwick', 'Amberfield', 'Applethorn', 'Ashgrove', 'Banyanwood', 'Barleymoor', 'Basalto'],
  ...['Birchway', 'Bluefinch', 'Brambleton', 'Brightwater', 'Cedarholm', 'Chandravale', 'Cloverhill', 'Copperleaf'],
  ...['Coralez', 'Cricketson', 'Dawnriver', 'Delmarisco', 'Dovetree', 'Eagleford', 'Elmsworthy', 'Emberlynn'],
  ...['Fairweathers', 'Falconi-Reed', 'Fernsby', 'Firestone-Oak', 'Flintwood', 'Foxgrover', 'Goldenrod', 'Graniteau'],
  ...['Greenwillow', 'Harborlight', 'Hawthorpe', 'Hazelden', 'Heatherstone', 'Hoshikawa', 'Ironbridge', 'Ivyfield'],
  ...['Jadeflower', 'Junebloom', 'Kestrelman', 'Kiwamoto', 'Larkspurr', 'Laurelwood', 'Lilacosta', 'Lindenberry'],
  ...['Maplethorpe', 'Marigoldo', 'Meadowlarke', 'Mistralez', 'Moonbrook', 'Mossgrave', 'Nettleford', 'Nightingaler'],
  ...['Oakenshaw', 'Okrawele', 'Olivares-Pine', 'Orchardson', 'Pebblebrook', 'Pinewater', 'Poplarski', 'Quailridge'],
  ...['Quartzman', 'Rainwood', 'Ravenswater', 'Reedmarsh', 'Rosewind', 'Saffronwala', 'Sagebrushe', 'Sandstrom-Bay'],
  ...[
    'Silverbirch',
    'Snowdrift',
    'Sparrowhill',
    'Starlingham',
    'Stonecrop',
    'Summerlin-Sky',
    'Tamarindo',
    'Thistledown',
  ],
  ...[
    'Thornapple',
    'Umberwood',
    'Valleyrose',
    'Violetta-Fern',
    'Walnutgrove',
    'Waterlilly',
    'Wheatfield',
    'Wildebrook',
  ],
  ...['Willowmere', 'Windermoss', 'Wintergreene', 'Yarrowfield', 'Yuccaman', 'Zephyrson'],
] as const;
