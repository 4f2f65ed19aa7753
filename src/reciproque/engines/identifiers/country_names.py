"""ISO 3166-1 codes of countries and their names: French first, then English (Unicode CLDR), then usual variants."""

COUNTRIES = """\
AD AND Andorre|Andorra
AE ARE Émirats arabes unis|United Arab Emirates
AF AFG Afghanistan
AG ATG Antigua-et-Barbuda|Antigua & Barbuda
AI AIA Anguilla
AL ALB Albanie|Albania
AM ARM Arménie|Armenia
AO AGO Angola
AQ ATA Antarctique|Antarctica
AR ARG Argentine|Argentina
AS ASM Samoa américaines|American Samoa
AT AUT Autriche|Austria
AU AUS Australie|Australia
AW ABW Aruba
AX ALA Îles Åland|Åland Islands
AZ AZE Azerbaïdjan|Azerbaijan
BA BIH Bosnie-Herzégovine|Bosnia & Herzegovina
BB BRB Barbade|Barbados
BD BGD Bangladesh
BE BEL Belgique|Belgium|België
BF BFA Burkina Faso
BG BGR Bulgarie|Bulgaria
BH BHR Bahreïn|Bahrain
BI BDI Burundi
BJ BEN Bénin|Benin
BL BLM Saint-Barthélemy|St. Barthélemy
BM BMU Bermudes|Bermuda
BN BRN Brunei
BO BOL Bolivie|Bolivia
BQ BES Pays-Bas caribéens|Caribbean Netherlands
BR BRA Brésil|Brazil
BS BHS Bahamas
BT BTN Bhoutan|Bhutan
BW BWA Botswana
BY BLR Biélorussie|Belarus|Bélarus
BZ BLZ Belize
CA CAN Canada
CC CCK Îles Cocos|Cocos (Keeling) Islands
CD COD Congo-Kinshasa|Congo - Kinshasa|RDC|République démocratique du Congo
CF CAF République centrafricaine|Central African Republic
CG COG Congo-Brazzaville|Congo - Brazzaville|Congo|République du Congo
CH CHE Suisse|Switzerland|Schweiz|Confédération suisse
CI CIV Côte d’Ivoire
CK COK Îles Cook|Cook Islands
CL CHL Chili|Chile
CM CMR Cameroun|Cameroon
CN CHN Chine|China|République populaire de Chine
CO COL Colombie|Colombia
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cap-Vert|Cape Verde
CW CUW Curaçao
CX CXR Île Christmas|Christmas Island
CY CYP Chypre|Cyprus
CZ CZE Tchéquie|Czechia|République tchèque
DE DEU Allemagne|Germany|RFA|Deutschland|République fédérale d’Allemagne
DJ DJI Djibouti
DK DNK Danemark|Denmark
DM DMA Dominique|Dominica
DO DOM République dominicaine|Dominican Republic
DZ DZA Algérie|Algeria
EC ECU Équateur|Ecuador
EE EST Estonie|Estonia
EG EGY Égypte|Egypt
EH ESH Sahara occidental|Western Sahara
ER ERI Érythrée|Eritrea
ES ESP Espagne|Spain|España
ET ETH Éthiopie|Ethiopia
FI FIN Finlande|Finland
FJ FJI Fidji|Fiji
FK FLK Îles Malouines|Falkland Islands
FM FSM Micronésie|Micronesia
FO FRO Îles Féroé|Faroe Islands
FR FRA France|République française|France métropolitaine
GA GAB Gabon
GB GBR Royaume-Uni|United Kingdom|Angleterre|Écosse|Pays de Galles|Irlande du Nord|Grande-Bretagne|UK|England
GD GRD Grenade|Grenada
GE GEO Géorgie|Georgia
GF GUF Guyane française|French Guiana
GG GGY Guernesey|Guernsey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Groenland|Greenland
GM GMB Gambie|Gambia
GN GIN Guinée|Guinea
GP GLP Guadeloupe
GQ GNQ Guinée équatoriale|Equatorial Guinea
GR GRC Grèce|Greece|EL
GT GTM Guatemala
GU GUM Guam
GW GNB Guinée-Bissau|Guinea-Bissau
GY GUY Guyana
HK HKG R.A.S. chinoise de Hong Kong|Hong Kong SAR China|Hong Kong
HN HND Honduras
HR HRV Croatie|Croatia
HT HTI Haïti|Haiti
HU HUN Hongrie|Hungary
ID IDN Indonésie|Indonesia
IE IRL Irlande|Ireland|Eire|République d’Irlande
IL ISR Israël|Israel
IM IMN Île de Man|Isle of Man
IN IND Inde|India
IO IOT Territoire britannique de l’océan Indien|British Indian Ocean Territory
IQ IRQ Irak|Iraq
IR IRN Iran
IS ISL Islande|Iceland
IT ITA Italie|Italy|Italia
JE JEY Jersey
JM JAM Jamaïque|Jamaica
JO JOR Jordanie|Jordan
JP JPN Japon|Japan
KE KEN Kenya
KG KGZ Kirghizstan|Kyrgyzstan
KH KHM Cambodge|Cambodia
KI KIR Kiribati
KM COM Comores|Comoros
KN KNA Saint-Christophe-et-Niévès|St. Kitts & Nevis
KP PRK Corée du Nord|North Korea
KR KOR Corée du Sud|South Korea|Corée|République de Corée
KW KWT Koweït|Kuwait
KY CYM Îles Caïmans|Cayman Islands
KZ KAZ Kazakhstan
LA LAO Laos
LB LBN Liban|Lebanon
LC LCA Sainte-Lucie|St. Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho
LT LTU Lituanie|Lithuania
LU LUX Luxembourg
LV LVA Lettonie|Latvia
LY LBY Libye|Libya
MA MAR Maroc|Morocco
MC MCO Monaco
MD MDA Moldavie|Moldova|République de Moldavie
ME MNE Monténégro|Montenegro
MF MAF Saint-Martin|St. Martin
MG MDG Madagascar
MH MHL Îles Marshall|Marshall Islands
MK MKD Macédoine du Nord|North Macedonia|Macédoine
ML MLI Mali
MM MMR Myanmar (Birmanie)|Myanmar (Burma)|Birmanie
MN MNG Mongolie|Mongolia
MO MAC R.A.S. chinoise de Macao|Macao SAR China
MP MNP Îles Mariannes du Nord|Northern Mariana Islands
MQ MTQ Martinique
MR MRT Mauritanie|Mauritania
MS MSR Montserrat
MT MLT Malte|Malta
MU MUS Maurice|Mauritius
MV MDV Maldives
MW MWI Malawi
MX MEX Mexique|Mexico
MY MYS Malaisie|Malaysia
MZ MOZ Mozambique
NA NAM Namibie|Namibia
NC NCL Nouvelle-Calédonie|New Caledonia
NE NER Niger
NF NFK Île Norfolk|Norfolk Island
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Pays-Bas|Netherlands|Hollande
NO NOR Norvège|Norway
NP NPL Népal|Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL Nouvelle-Zélande|New Zealand
OM OMN Oman
PA PAN Panama
PE PER Pérou|Peru
PF PYF Polynésie française|French Polynesia
PG PNG Papouasie-Nouvelle-Guinée|Papua New Guinea
PH PHL Philippines
PK PAK Pakistan
PL POL Pologne|Poland
PM SPM Saint-Pierre-et-Miquelon|St. Pierre & Miquelon
PN PCN Îles Pitcairn|Pitcairn Islands
PR PRI Porto Rico|Puerto Rico
PS PSE Territoires palestiniens|Palestinian Territories|Palestine
PT PRT Portugal
PW PLW Palaos|Palau
PY PRY Paraguay
QA QAT Qatar
RE REU La Réunion|Réunion
RO ROU Roumanie|Romania
RS SRB Serbie|Serbia
RU RUS Russie|Russia|Fédération de Russie
RW RWA Rwanda
SA SAU Arabie saoudite|Saudi Arabia
SB SLB Îles Salomon|Solomon Islands
SC SYC Seychelles
SD SDN Soudan|Sudan
SE SWE Suède|Sweden
SG SGP Singapour|Singapore
SH SHN Sainte-Hélène|St. Helena
SI SVN Slovénie|Slovenia
SK SVK Slovaquie|Slovakia
SL SLE Sierra Leone
SM SMR Saint-Marin|San Marino
SN SEN Sénégal|Senegal
SO SOM Somalie|Somalia
SR SUR Suriname
SS SSD Soudan du Sud|South Sudan
ST STP Sao Tomé-et-Principe|São Tomé & Príncipe
SV SLV Salvador|El Salvador
SX SXM Saint-Martin (partie néerlandaise)|Sint Maarten
SY SYR Syrie|Syria
SZ SWZ Eswatini|Swaziland
TC TCA Îles Turques-et-Caïques|Turks & Caicos Islands
TD TCD Tchad|Chad
TF ATF Terres australes françaises|French Southern Territories
TG TGO Togo
TH THA Thaïlande|Thailand
TJ TJK Tadjikistan|Tajikistan
TK TKL Tokelau
TL TLS Timor oriental|Timor-Leste
TM TKM Turkménistan|Turkmenistan
TN TUN Tunisie|Tunisia
TO TON Tonga
TR TUR Turquie|Türkiye
TT TTO Trinité-et-Tobago|Trinidad & Tobago
TV TUV Tuvalu
TW TWN Taïwan|Taiwan
TZ TZA Tanzanie|Tanzania
UA UKR Ukraine
UG UGA Ouganda|Uganda
US USA États-Unis|United States|USA|Etats Unis d’Amérique|États-Unis d’Amérique|United States of America
UY URY Uruguay
UZ UZB Ouzbékistan|Uzbekistan
VA VAT État de la Cité du Vatican|Vatican City
VC VCT Saint-Vincent-et-les Grenadines|St. Vincent & Grenadines
VE VEN Venezuela
VG VGB Îles Vierges britanniques|British Virgin Islands
VI VIR Îles Vierges des États-Unis|U.S. Virgin Islands
VN VNM Viêt Nam|Vietnam|Viet-Nam
VU VUT Vanuatu
WF WLF Wallis-et-Futuna|Wallis & Futuna
WS WSM Samoa
YE YEM Yémen|Yemen
YT MYT Mayotte
ZA ZAF Afrique du Sud|South Africa
ZM ZMB Zambie|Zambia
ZW ZWE Zimbabwe
XK XKX Kosovo
"""
