"""Streets as they are named all over France, and areas of activity."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


STREETS = _words(
    "rue de la République|rue Victor-Hugo|rue Pasteur|avenue Jean-Jaurès|rue du Moulin|place de l’Église|"
    "rue de la Gare|rue des Lilas|rue du Stade|Grande Rue|rue de la Paix|rue Jules-Ferry|boulevard Gambetta|"
    "rue des Écoles|rue du Général-de-Gaulle|avenue du Maréchal-Foch|rue des Acacias|rue du Port|"
    "quai de la Marne|rue Émile-Zola|rue de Verdun|place de la Mairie|rue Jean-Moulin|rue des Tilleuls|"
    "rue Saint-Michel|rue de Bretagne|rue d’Anjou|rue de l’Industrie|rue des Artisans|allée des Chênes|"
    "rue du Clos|rue des Jardins|rue Voltaire|boulevard de la Liberté|rue du Commerce|rue Louis-Blanc|"
    "rue Aristide-Briand|rue Jean-Mermoz|avenue de la Libération|rue du 8-Mai-1945|rue du 11-Novembre|"
    "place du Marché|rue des Peupliers|rue Pierre-Curie|rue Marie-Curie|rue Ampère|rue Denis-Papin|"
    "rue Gutenberg|rue Lavoisier|rue Blaise-Pascal|avenue de l’Europe|rue de l’Océan|rue des Marais|"
    "chemin des Vignes|chemin du Bas-Bois|rue du Pont|rue du Lavoir|rue de la Fontaine|rue Saint-Jacques|"
    "rue Saint-Nicolas|rue Notre-Dame|rue de l’Abbaye|rue du Château|rue des Remparts|rue Traversière|"
    "rue Neuve|rue Basse|rue Haute|rue Creuse|impasse des Rosiers|impasse du Four|allée des Cèdres|"
    "allée Claude-Monet|rue Georges-Brassens|rue Jacques-Brel|rue Simone-Veil|rue Simone-de-Beauvoir|"
    "rue George-Sand|rue Olympe-de-Gouges|rue Rosa-Parks|rue Albert-Camus|rue Antoine-de-Saint-Exupéry|"
    "avenue Pierre-Mendès-France|rue François-Mitterrand|avenue Salvador-Allende|rue Nelson-Mandela|"
    "rue Anatole-France|rue Edgar-Quinet|rue Lamartine|rue Molière|rue Racine|rue Balzac|rue Chateaubriand|"
    "rue Jean-Macé|rue Paul-Bert|rue Marcel-Sembat|rue Jean-Baptiste-Clément|rue des Frères-Lumière|"
    "rue Gustave-Eiffel|rue Nicéphore-Niépce|rue Jacquard|rue de l’Artisanat|rue du Chêne-Vert|"
    "rue de la Croix|rue du Calvaire|rue de la Chapelle|rue du Prieuré|rue de la Forge|rue des Tanneurs|"
    "rue des Halles|rue du Puits|rue de la Poste|boulevard de l’Atlantique|boulevard Pasteur|"
    "boulevard Voltaire|boulevard Jules-Verne|cours de la Liberté|mail François-Mauriac|quai des Indes|"
    "quai du Commerce|place Jean-Jaurès|place de la République|place Charles-de-Gaulle|place des Halles|"
    "square du Souvenir|route de Nantes|route de Rennes|route de Paris|route de Vannes|route de la Mer|"
    "route du Moulin|rue des Genêts|rue des Ajoncs|rue des Bruyères|rue des Mouettes|rue des Pins|"
    "rue du Bocage|rue de la Vallée|rue des Prés|rue de la Lande|rue du Four|rue de l’Étang|"
    "rue de la Rivière|rue du Bois|rue de la Noë|rue du Landreau|avenue des Sports|avenue de la Gare|"
    "avenue Victor-Hugo|avenue Émile-Zola|avenue Léon-Blum|avenue Jean-Monnet|avenue Robert-Schuman"
)  # fmt: skip

AREAS = _words(
    "Z. I. des Landes|Z. A. de la Croix-Rouge|Z. A. du Bois-Vert|parc d’activités de l’Aubépin|"
    "parc d’activités des Quatre-Routes|Z. A. de la Gare|Z. I. Nord|Z. I. Sud|Z. A. du Moulin-Neuf|"
    "parc d’activités de la Lande|Z. A. de l’Hermitage|parc technologique de l’Étang|Z. A. des Fresnes|"
    "parc d’affaires du Prieuré|Z. A. de la Métairie|Z. I. du Port|village d’entreprises des Tisserands|"
    "Z. A. du Champ-Rond|espace d’activités du Petit-Bois|Z. C. de la Belle-Étoile"
)  # fmt: skip

FOREIGN = (
    ("DE", "20457", "Hamburg", "Speicherstraße 14", "HRB 148221"),
    ("DE", "70173", "Stuttgart", "Königsbau 3", "HRB 77410"),
    ("ES", "48009", "Bilbao", "Alameda Mazarredo 22", "BI-58114"),
    ("ES", "08018", "Barcelona", "Carrer de Pallars 97", "B-41077"),
    ("IT", "10121", "Torino", "Via Lagrange 31", "TO-1184402"),
    ("IT", "20124", "Milano", "Via Galvani 18", "MI-2041188"),
    ("BE", "5000", "Namur", "Rue de Fer 48", ""),
    ("BE", "9000", "Gent", "Coupure 112", ""),
    ("NL", "3011", "Rotterdam", "Wijnhaven 65", "KVK 70118842"),
    ("IE", "T12", "Cork", "Albert Quay 9", "CRO 611204"),
    ("GB", "BS1 4", "Bristol", "Redcliff Wharf 2", "CN 09911402"),
    ("PL", "80-831", "Gdańsk", "ul. Rzeźnicka 12", "KRS 0000711244"),
    ("PT", "4050", "Porto", "Rua da Boavista 210", ""),
    ("CA", "G1K", "Québec", "rue Saint-Joseph Est 320", "NEQ 1177004412"),
    ("MA", "20250", "Casablanca", "boulevard Zerktouni 84", "RC 411208"),
    ("TN", "1002", "Tunis", "avenue de Carthage 40", ""),
    ("SN", "11000", "Dakar", "avenue Lamine-Guèye 77", ""),
    ("CH", "1003", "Lausanne", "avenue d’Ouchy 29", "CHE-114.220.441"),
    ("SE", "411 04", "Göteborg", "Packhusplatsen 3", ""),
    ("RO", "400001", "Cluj-Napoca", "Strada Horea 15", ""),
)
