"""Names of départements, for files that write « Maine-et-Loire » where a code is expected."""

import re

from reciproque.engines.identifiers import fold

NAMES = """
ain:01 aisne:02 allier:03 alpes_de_haute_provence:04 hautes_alpes:05 alpes_maritimes:06 ardeche:07 ardennes:08
ariege:09 aube:10 aude:11 aveyron:12 bouches_du_rhone:13 calvados:14 cantal:15 charente:16 charente_maritime:17
cher:18 correze:19 cote_d_or:21 cotes_d_armor:22 creuse:23 dordogne:24 doubs:25 drome:26 eure:27 eure_et_loir:28
finistere:29 corse_du_sud:2A haute_corse:2B gard:30 haute_garonne:31 gers:32 gironde:33 herault:34
ille_et_vilaine:35 indre:36 indre_et_loire:37 isere:38 jura:39 landes:40 loir_et_cher:41 loire:42 haute_loire:43
loire_atlantique:44 loiret:45 lot:46 lot_et_garonne:47 lozere:48 maine_et_loire:49 manche:50 marne:51 haute_marne:52
mayenne:53 meurthe_et_moselle:54 meuse:55 morbihan:56 moselle:57 nievre:58 nord:59 oise:60 orne:61 pas_de_calais:62
puy_de_dome:63 pyrenees_atlantiques:64 hautes_pyrenees:65 pyrenees_orientales:66 bas_rhin:67 haut_rhin:68 rhone:69
haute_saone:70 saone_et_loire:71 sarthe:72 savoie:73 haute_savoie:74 paris:75 seine_maritime:76 seine_et_marne:77
yvelines:78 deux_sevres:79 somme:80 tarn:81 tarn_et_garonne:82 var:83 vaucluse:84 vendee:85 vienne:86
haute_vienne:87 vosges:88 yonne:89 territoire_de_belfort:90 essonne:91 hauts_de_seine:92 seine_saint_denis:93
val_de_marne:94 val_d_oise:95 guadeloupe:971 martinique:972 guyane:973 la_reunion:974 mayotte:976
saint_pierre_et_miquelon:975 saint_barthelemy:977 saint_martin:978
"""
_CODES = dict(entry.split(":") for entry in NAMES.split())
_OTHER = re.compile(r"[^a-z]+")


def code_of(name: str) -> str:
    """« Maine-et-Loire » → « 49 », "" when it is not the name of a département."""
    return _CODES.get(_OTHER.sub("_", fold(name)).strip("_"), "")
