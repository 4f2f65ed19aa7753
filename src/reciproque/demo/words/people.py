"""First names by generation and origin, surnames by origin: the commonest first in each list."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


# Women, then men, of about 1958-1973, 1974-1988, 1989-2003.
FIRST_NAMES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        _words(
            "Nathalie Isabelle Sylvie Catherine Véronique Christine Valérie Brigitte Martine Patricia Sandrine Corinne "
            "Florence Laurence Pascale Anne Marie Françoise Dominique Béatrice Agnès Chantal Muriel Fabienne Carole "
            "Michèle Christelle Karine Marie-Christine Hélène Anne-Marie Marie-Pierre Évelyne Claire Odile Annie "
            "Ghislaine Nadine Maryse Solange Armelle Soizic Nicole Élisabeth Colette Bernadette Régine Joëlle Myriam "
            "Marylène"
        ),
        _words(
            "Philippe Pascal Thierry Laurent Frédéric Éric Christophe Olivier Patrick Alain Bruno Didier Michel "
            "Stéphane Dominique François Marc Gilles Jean-Luc Franck Hervé Bernard Christian Denis Vincent Jean-Pierre "
            "Serge Daniel Jean-Marc Yves Jean-Michel Xavier Jacques Emmanuel Rémy Joël Loïc Patrice Jean-Paul Régis "
            "Gérard Yannick Jean-Yves Luc Arnaud Ronan Hubert Bertrand Antoine Francis"
        ),
    ),
    (
        _words(
            "Céline Aurélie Émilie Stéphanie Julie Virginie Sophie Élodie Laëtitia Séverine Delphine Audrey Caroline "
            "Claire Amandine Mélanie Anne-Laure Marie Laure Sandra Émeline Vanessa Jennifer Gaëlle Magali Cécile "
            "Angélique Jessica Nolwenn Marion Pauline Charlotte Élise Hélène Ludivine Maud Anaïs Fanny Estelle Solène "
            "Perrine Tiphaine Morgane Gwenaëlle Marjorie Aline Bérengère Sonia Lucie Bénédicte"
        ),
        _words(
            "Nicolas Sébastien Julien David Guillaume Jérôme Alexandre Mickaël Fabrice Cédric Ludovic Benoît Mathieu "
            "Grégory Yann Romain Arnaud Anthony Benjamin Vincent Damien Thomas Emmanuel Fabien Samuel Aurélien Jérémy "
            "Gaël Erwan Matthieu Sylvain Pierre Antoine Maxime Cyril Jonathan Simon Frédéric Olivier Johann Tanguy "
            "Rodolphe Étienne Florian Adrien Régis Ronan Gwénaël Raphaël Nathanaël"
        ),
    ),
    (
        _words(
            "Marine Camille Léa Laura Manon Pauline Sarah Mathilde Marion Chloé Justine Anaïs Morgane Lucie Océane "
            "Clara Juliette Margot Emma Alice Noémie Coralie Élisa Maëva Louise Inès Ophélie Agathe Jeanne Salomé "
            "Éloïse Lisa Romane Enora Constance Margaux Clémence Solenn Zoé Fiona Maëlle Célia Axelle Flavie Lorène "
            "Victoria Nina Capucine Apolline Léonie"
        ),
        _words(
            "Thomas Alexandre Maxime Quentin Antoine Lucas Kevin Hugo Valentin Clément Alexis Théo Florian Romain Paul "
            "Pierre Corentin Dylan Arthur Baptiste Louis Simon Bastien Nathan Jordan Victor Jules Léo Enzo Mathis "
            "Adrien Gabriel Titouan Malo Robin Rémi Axel Martin Loris Tristan Killian Gauthier Émile Augustin Samuel "
            "Aubin Côme Noé Gwendal Raphaël"
        ),
    ),
)

# Origin → (women's first names, men's first names, surnames).
ORIGINS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "maghreb": (
        _words(
    "Fatima Nadia Samira Leïla Karima Yasmina Myriam Soraya Amina Hanane Inès Malika Sabrina Assia Rachida "
    "Naïma"
),
        _words(
    "Mohamed Karim Rachid Mehdi Nabil Samir Farid Youssef Ahmed Hakim Sofiane Ali Bilal Walid Omar Reda Ismaël"
),
        _words(
    "Benali Haddad Mansouri Bouzid Cherif Saïdi Belkacem Amrani Ziani Brahimi Khelifi Hamdi Benamar Slimani "
    "Boukhari Taleb Rahmani Bensaïd Larbi Meziane Ouali Bennani Chaoui El_Amrani El_Idrissi Ferhat Guettaf "
    "Hadji Jaziri Kaddour Lahlou Messaoudi Nasri Ouedraoui Rezgui Sahraoui Tounsi Yahiaoui Zerrouki Bouaziz"
),
    ),
    "afrique": (
        _words(
    "Aïssatou Fatou Mariam Aminata Awa Grâce Prisca Nadège Ramata Bintou Clarisse Sokhna Estelle Rokhaya"
),
        _words(
    "Mamadou Moussa Ibrahima Abdoulaye Cheikh Ousmane Amadou Serge Fabrice Cédric Bakary Souleymane Christian"
),
        _words(
    "Diallo Traoré Camara Diop Ndiaye Koné Coulibaly Sylla Keïta Touré Cissé Sow Fofana Mbaye Sissoko Doumbia "
    "Kouassi Mbemba Ngoma Nkounkou Tchoumi Essomba Mavoungou Agbodjan Houngbo Razafy Rakoto Andrianary"
),
    ),
    "europe": (
        _words(
    "Maria Sandra Christina Lucia Paola Sofia Carla Monica Ana Elena Katarzyna Claudia Teresa Inês Chiara"
),
        _words(
    "Manuel Antonio José Carlos Paulo Marco Luis Victor Diego Fernando Mario Tomasz Nuno Sergio Stefano "
    "Ricardo"
),
        _words(
    "Da_Silva Ferreira Pereira Dos_Santos Rodrigues Fernandes Gomes Martins Lopes Alves Carvalho Teixeira "
    "Garcia Martinez Lopez Sanchez Fernandez Rodriguez Perez Gonzalez Ruiz Moreno Navarro Romero Torres Rossi "
    "Russo Ferrari Bianchi Romano Ricci Marino Conti Gallo Esposito Kowalski Nowak Wisniewski Wojcik Kaczmarek "
    "Lewandowski Zielinski Muller Schmitt Schneider Meyer Weber Klein Wagner Keller Schwartz Zimmermann "
    "Popescu Ionescu Petrov Smith Walker Murphy Janssens Peeters De_Vries Larsen Nikolaou Avakian Sarkissian "
    "Manoukian"
),
    ),
    "asie": (
        _words(
    "Linh Mai Thi_Hoa Anne-Mai Kim Lan Mélissa Sophie Mei Élodie Sovanna Chanthy Priya"
),
        _words(
    "Minh Tuan Van_Long Huy Duc Olivier Kevin Vincent Thierry Wei Rithy Arun"
),
        _words(
    "Nguyen Tran Pham Le_Van Vu Dang Bui Huynh Chen Wang Zhang Lin Wu Sok Chea Vang Xiong Singh Kumar Patel"
),
    ),
    "turquie": (
        _words(
    "Elif Aylin Sevda Merve Leyla Esra Derya Zeynep"
),
        _words(
    "Mehmet Murat Emre Yusuf Kemal Serkan Hakan Deniz"
),
        _words(
    "Yilmaz Kaya Demir Çelik Sahin Yildiz Aydin Arslan Özdemir Dogan Kiliç Aslan"
),
    ),
}  # fmt: skip

WESTERN = _words(
    "Le_Goff Tanguy Guillou Le_Gall Morvan Le_Roux Rio Jégo Le_Bihan Thomazeau Hervé Le_Corre Caradec Cadoret "
    "Le_Floch Prigent Quéré Le_Guen Riou Kermarrec Le_Bris Guéguen Le_Breton Hamon Le_Dantec Le_Moal Nicol "
    "Guyomard Burel Le_Borgne Cariou Floch Le_Meur Gloaguen Madec Le_Ray Le_Lay Pérès Jaouen Salaün Autret "
    "Kerbrat Le_Saux Rolland Le_Pape Corre Plouzennec Bernier Rabiller Lecoq Halgand Moyon Aoustin Crusson "
    "Deniaud Thébaud Mahé Lebeau Rouaud Bretéché Guihéneuf Bioret Olivaud Clavier Gautreau Joalland Lelièvre "
    "Guérin Chauvin Pineau Bouyer Brémond Cesbron Gaborit Papin Grellier Bossard Rautureau Guilbaud Retailleau "
    "Fonteneau Chiron Sourisseau Rambaud Potier Guitton Poupard Chupin Godineau Raimbault Onillon Barrault "
    "Réthoré Verger Gélineau Charrier Praud Bizeul Danet Hougard Chevrel Rialland Jolivet Dréan Le_Tallec "
    "Evenno Lorho Bellec Le_Gal Rozé Gicquel Rouxel Josse Houssais Pirotais Marsollier Trochu Lemétayer Jouan "
    "Ménard Delahaye Hubert Bazin Louvel Loizel Hurel Orhant Garel Pinault Bréger Lecomte Chérel Perrigaud "
    "Delaunay Leray Heuzé Moisan Briand Allain Samson Gallais Lucas Pasquier Robin Texier Boisseau Bonnin "
    "Guibert Bodin Landreau Cormerais Sauvaget Bahuaud Hervouet Merlet Bernard Loquais Batard Freuchet "
    "Trimoreau Blandin Belloir"
)  # fmt: skip

FRENCH = _words(
    "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux "
    "David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Lefèvre Faure André "
    "Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Perrin Robin Clément Morin Nicolas "
    "Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meunier Brun "
    "Blanchard Giraud Joly Rivière Brunet Gaillard Barbier Arnaud Renard Roche Schmitt Leroux Colin Vidal "
    "Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey "
    "Leclerc Payet Rolland Leclercq Guillaume Lecomte Jean Dupuy Guillot Hubert Berger Carpentier Moulin Louis "
    "Deschamps Huet Vasseur Boucher Fleury Royer Klein Jacquet Paris Poirier Aubry Guyot Carré Charles Renault "
    "Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Collet Léger Bouvier Julien Prévost "
    "Millet Daniel Perrot Cousin Germain Breton Rémy Besson Langlois Lévêque Leblanc Barre Lebrun Marchal "
    "Mallet Hamel Lebreton Chauvin Weiss Maillot Gilles Barthélémy Boulanger Monnier Bodin Delmas Poulain "
    "Ollivier Collin Gillet Bouchet Tessier Pichon Évrard Lejeune Chauvet Gay Maurice Cordier Jacob Delorme "
    "Lambard Ferrand Blot Camus Marty Dufour Pons Ribeyre Estève Sabatier Castel Bonnefoy Delattre Delannoy "
    "Dewaele Cuvelier Hennebelle Fontanel Peyrot Chambon Chapuis Vial Faivre Mougin Grandjean Humbert Parisot "
    "Thiébaut Antoine Vautrin Didierjean Lacombe Bessière Cazenave Labarthe Dupouy Lafitte Etcheverry Laborde "
    "Darrieu Casanova Santoni Mattei Albertini Hoarau Grondin Fontaine Rivière Dijoux Boyer Técher Maillot "
    "Césaire Jean-Baptiste Saint-Aimé Marie-Rose Bazile Placide Désir Nestor Lagier Armand Aumont Bacquet "
    "Baudin Beaufils Bellanger Béraud Billard Bizet Boisson Bonhomme Bordes Boutin Brault Bruneau Buisson "
    "Cadet Carlier Cartier Chabot Champion Chartier Chatelain Cochet Coulon Courtois Coutant Crépin Dallier "
    "Dauphin Delage Delaporte Descamps Desbois Devaux Doucet Drouet Dubreuil Duchêne Dupré Dutertre Favier "
    "Féret Ferry Forestier Fouquet Gallet Gasnier Gaudin Genty Georges Gilbert Godard Gosselin Goujon Grenier "
    "Grosjean Guichard Guignard Hardy Hébert Hoffmann Jacquemin Jamet Jourdan Labbé Lagarde Lamy Lapierre "
    "Laroche Lasserre Launay Lavigne Leconte Ledoux Legros Lemaître Lesage Letellier Levasseur Loiseau Lombard "
    "Macé Magnier Maréchal Marion Marteau Mauger Mayer Merle Michaud Millot Morand Moulinier Navarre Neveu "
    "Normand Pageot Parent Pasquet Payen Pelletier Perrier Perret Pineau Poncet Pottier Prat Pruvost Rault "
    "Raymond Raynaud Regnier Ricard Rigaud Rossignol Roussillon Salmon Sauvage Seguin Tardy Teillet Thibault "
    "Thierry Toussaint Turpin Vaillant Valentin Verdier Vigneron Villard Voisin Wagner Walter Bourdin Chollet "
    "Hérault Jacquot Lécuyer Michon Peltier Rousselle Tison Vallée Verdon Barbet Brossard Cornu Dubost Fabry "
    "Guerrier Joubert Laporte Mongin Péan Quentin Rambert Sellier Tricot Vernet"
)  # fmt: skip
