"""Given names that are common in France and in English-speaking countries, and those that are words as well."""

from portance.experience.voices.folding import listed

GIVEN = listed("""
    adele adeline adrien adrienne agathe agnes aicha aisha alain alban albane alex alexandra alexandre alexia alexis alice alicia
    aline alison alix amandine amelie amina amine anais anaelle andre andrea anne annick annie anthony antoine antonin apolline arnaud arthur
    astrid aude audrey aurelie aurelien axel axelle aymeric aziz baptiste barbara bastien beatrice benedicte benjamin benoit berenice bernadette bernard
    bertrand bilal boris brigitte bruno camille carine carole caroline catherine cecile cedric celia celine chantal charlene charles
    chloe christelle christiane christine christophe cindy clara clarisse claude claudine clothilde coline colette coralie corentin corinne
    cyril cyrille cyrielle damien daniel daniele danielle david deborah delphine denis denise diane didier dominique dorian dorothee dylan edith
    edouard elena eliane elias elie eline elisa elisabeth elise ella elodie eloise elsa emeline emilie emilien emma emmanuel emmanuelle enzo eric
    erwan estelle esteban ethan etienne eugenie eva evelyne fabien fabienne fabrice fanny farid fatima fatou felix ferdinand fiona flavie flavien
    florent florian franck francine francis franck francois francoise frederic frederique gabin gabriel gabriela gabrielle gael gaelle gaetan gaspard gauthier
    genevieve geoffrey georges gerald geraldine gerard gerome ghislaine gilbert gilles gisele giulia gregoire gregory guilhem guillaume guy gwenaelle
    hakim hamza hassan helene henri henriette herve hicham hubert hugo hugues huguette ibrahim ines ingrid irene isabelle isaac ismael jacqueline jacques
    jade jean jeanne jeannine jeremie jeremy jerome jessica joan jocelyne joel joelle johanna johann jonathan jordan joseph josephine josette josiane
    joyce juan jules julia julie julien juliette justin justine kader kamel karen karim karima karine karl katia kelly kenza kevin khadija khaled laetitia
    lahcen laila lambert laura laure laurence laurent laurie lea leila lena leo leon leonie leonard leslie lena lilian liliane lina linda lionel
    lisa lise loic lola lou louane louis louise luc lucas lucie lucien lucienne lucile ludivine ludovic lydia lydie mael maelle maelys maeva magali mahmoud maite malik
    malika manon manuel marc marcel marceline marcelle margaux margot maria marianne marie marielle marina mario marion marjorie marlene martine maryline maryse mateo
    mathias mathieu mathilde mathis matthias matthieu maud maurice mauricette maxence maxime medhi mehdi melanie melissa michael michel micheline michele mickael miguel mireille
    mohamed mohammed monique morgane mouna mourad muriel mustapha myriam nabil nadege nadia nadine naima nassim natacha nathalie nathan nicolas nicole nina noa noah noemie
    nolwenn nora noredine odette odile olga olivia oceane ophelie oscar pablo pascale patrice patricia patrick paul paula paulette pauline perrine philippe
    pierrette quentin rachel rachid rania raoul raphael raphaelle raymond raymonde rebecca regine regis remi remy renaud rene renee richard robert robin rodolphe
    roger roland romain romane romuald rosalie roxane sabine sabrina sacha said salim salma salome samia samir samuel sandra sandrine sara sarah sebastien segolene serge
    severine simon simone sofia sofiane solange solene sonia sophie soraya stephane stephanie steve steven suzanne sylvain sylvia sylviane sylvie tanguy tatiana teddy
    theo theodore theophile therese thibault thibaut thierry thomas tiphaine tom tristan ugo ulysse valentin valentine valerie vanessa veronique vincent virginie vivien
    viviane wassim wendy wilfried william xavier yacine yael yann yannick yannis yasmina yasmine yassine yolande youssef yvan yves yvette yvonne zack zoe zohra
    aaron abby abigail adam aidan alan albert alfred allison amanda amy andrew andy angela anna anita ann anna annette ashley barry becky beth betty beverly bob bobby bonnie
    brad bradley brandon brenda brent brian bryan bruce callum cameron carl carla carmen cathy cheryl chris christina christopher claudia cody colin connor courtney craig
    cynthia dan danny darren dave dean debbie debra dennis derek diana donald donna doris dorothy doug douglas duncan edward eileen elaine eleanor elizabeth ellen emily
    erica erin ernest evelyn fiona frances fred gareth gary gavin gemma george geoff gerald gina glen gloria gordon graham greg hannah harold harry heather heidi helen henry howard
    ian isabella isla jacob jake james jamie jane janet janice jason jeff jeffrey jenna jennifer jenny jerry jesse jill jim jimmy joanna joanne joe john johnny jon josh joshua
    joyce juan judith judy julian justin karl kate katherine kathleen kathryn kathy katie keith ken kenneth kim kimberly kirsty kristen kyle larry lauren laurie
    lawrence leah lee lesley liam linda lisa lloyd lorraine lucy luke lynn maggie marcus margaret maria marie marilyn marvin martha mary matt matthew megan melissa
    michelle mike mohammad molly monica nancy natalie nathan neil nicholas nigel noah norman oliver olivia owen pamela patty paula peggy philip phillip phil priya rachael
    ralph randy raymond rebecca rhys ricky rita roberta rodney ronald ronnie rory rosie ross roy russell ruth ryan sally sam samantha scott sean shane sharon shannon shaun
    sheila shirley simon sophia stacey stanley stella stephen steve stuart susan suzanne tara ted teresa terry theresa tim timothy tina todd tony tracey tracy trevor tyler
    vicky vicki victoria vincent virginia walter wanda warren wayne wendy zachary zoe
    """)
"""Given names in small letters without accents; one met with a capital letter is taken for a name."""

WORDS_TOO = listed("""
    aime alma ambre ange angel amber april armand art ashley aurore austin autumn avril bailey basile bill blanche bonnie brook carol carter celeste cerise chance charlotte chase chelsea
    chip christian claire clemence clement colombe constance cooper crystal daisy dallas dawn desire dean dick don drew eden ella eve faith felicite fleur florence fortune francis frank
    gene georgia ginger grace grant guy harper harry heather holly honor hope hunter iris ivy jack jackson jade jasmine jean jordan joy june juste kim laurence lee lily lou
    madison marc marge marguerite marina marine mark martin mason max may melodie mercedes mercy miles modeste nancy nick noel norman olive olivier page parker pascal pat
    patience peace pearl penny perle peter pierre prudence ray reine rich rob robin rock roman rose ross ruby rusty sandy savannah sky skip solange soleil sue summer sydney taylor
    tara teddy said marie jordan lorraine victoria sofia glen adam lise israel santiago matt kelly lea lance dani ken trinity nina sol jess tom valentin valentine van victor violette virginia wade will winter zephyr sara sami ali omar mona jin min
    """)
"""Given names that are words, months or places as well: names only where something beside them says so."""
