/**
 * @file The words and signs by which English denies something, as patterns. How they are put to use is denial.ts. Every repeat is bounded.
 */

const NT = String.raw`n['\u2019]t`
/** Quotes, brackets and emphasis around a word. */
const DRESS = String.raw`[\s*_"'\x60()\[\]{}<>$\u201c\u201d\u2018\u2019\u00ab\u00bb]`

/** What opens between a word and what it is about: decoration, a bracket, a fence. */
export const OPENING: RegExp = new RegExp(String.raw`(?:\x60{3}[\w-]{0,20}\s*|${DRESS}|-)*$`, 'u')

/** "15, not 14", as it stands between the two. */
export const CONTRAST: RegExp = new RegExp(
  String.raw`^(?:${DRESS}|[,;:\u2013\u2014-])*(?:(?:and|but) )?(?:certainly |definitely )?(?:not|rather than|instead of|as opposed to)(?:${DRESS}|[:-])*$`,
  'iu',
)

/** The ends of clauses: what was denied before them is not what comes after. */
export const TURN: RegExp = new RegExp(
  [
    String.raw`(?<!\.)(?<!\b(?:approx|ca|e\.g|i\.e|nr|vs|dr|mr|mrs|st|etc))[.!?](?=[\s"')\]*_]|$)|;|\n`,
    String.raw`\b(?<!\b(?:anything|nothing|everything|all) )but\b|\b(?:however|although|though|whereas|nevertheless|instead(?! of)|rather(?! than))\b`,
    String.raw`[,\u2013\u2014] ?(?:and )?(?:so|thus|hence|therefore|then)\b`,
    // A claim of its own, which is looked at for denials by itself.
    String.raw`[,\u2013\u2014] ?(?:(?:no|yes|so|and),? )?(?:it|this|that|he|she|they|here|(?:the|my) [\w ]{1,30}?)(?:['\u2019]s|['\u2019]re| is| are| was| were| equals| must be| should be)(?= |$)(?! (?:not|never)\b)`,
    // The heading of an answer.
    String.raw`(?:^|[,.\u2013\u2014] ?)(?:the |my )?(?:final )?(?:answer|label|result|class|category|output|conclusion|verdict|total)[*_]{0,2} ?[:=]`,
  ].join('|'),
  'giu',
)

export const SYMBOL: RegExp = /(?:\u221a|\\sqrt\{?|\u2260|!=|<>|=\/=|\\neq?\b|\u00ac|~~|[\u2717\u2718\u274c\u{1f6ab}])\s*$/u

/** Denials whose sense lies in the word itself, whatever verbs follow. */
const DENIALS = [
  'neither',
  'nor',
  'non',
  'rather than',
  'instead of',
  String.raw`(?<!\b(?:no|none) )other than`,
  'as opposed to',
  'except(?: for)?',
  'excluding',
  'far from',
  'anything but',
  'hardly',
  'scarcely',
  'unlikely',
  'impossible',
  'improbable',
  'nowhere near',
  String.raw`rul(?:e|es|ed|ing)(?: \w+)? out`,
  'exclud(?:e|es|ed)',
  'den(?:y|ies|ied)',
  String.raw`(?<!\b(?:no|without|beyond)(?: a| any)? )doubt(?:s|ed|ful)?`,
  'wrong',
  'incorrect',
  'false',
  'untrue',
  'mistaken',
  'opposite of',
  'contrary to',
  'fail(?:s|ed)? to be',
  'reject(?:s|ed)?',
  'no way',
  'by no means',
  'under no circumstances',
  'nothing(?! but)',
  'nobody',
  'no one',
  'none(?! other| of)',
  '(?:a mistake|an error) to',
  'used to be',
].join('|')

/** Said without being claimed: guesses, conditions, questions that are only reported. */
const HEDGES = [
  'maybe',
  'perhaps',
  'possibly',
  '(?:might|may|could)(?: well| also)? be',
  '(?:if|whether) (?:it|this|that|they)(?: is| was| were| are)',
  'barely',
  'seldom',
  'rarely',
  'lack(?:s|ed|ing)?',
  'less than',
  'refus(?:e|es|ed|ing) to',
  '(?:at )?first (?:I )?thought(?: of| it was)?',
].join('|')

export const INHERENT: RegExp = new RegExp(String.raw`^(?:${DENIALS})$`, 'iu')

/** "not" in its forms, typed without an apostrophe too, and the denials above. "Not only" denies nothing. */
export const DENIAL: RegExp = new RegExp(
  String.raw`(?:${NT}|\b(?:not(?! (?:only|just|merely|simply)\b)|cannot|cant|dont|isnt|wasnt|arent|doesnt|didnt|wont|wouldnt|shouldnt|couldnt|aint|never|no longer|avoid(?:s|ed|ing)?|ignor(?:e|es|ed|ing)|disregard(?:s|ed|ing)?|dismiss(?:es|ed)?|discard(?:s|ed)?|${HEDGES}|${DENIALS}))(?![\w'\u2019])`,
  'giu',
)

/** "no" and "without" deny the words up to a comma: "no fever, urgent". "No, urgent" answers a question. */
export const DENIED_NAME: RegExp =
  /\b(?:no|none of|without)(?= |$)(?! (?:(?:a|any) )?(?:doubts?|questions?|problem|worries|longer)\b)[^,:\n]*$/iu

/** "Do not forget: 14" asks for nothing else than 14. */
export const HARMLESS: RegExp = /^ (?:forget|worry|hesitate|panic|wait|delay|ignore)\b/iu

/** Names what lies beyond the value that comes next, which is another one: "at least 14", "the day after 23 November 2026". "About 14" is 14. */
export const BOUND: RegExp = new RegExp(
  String.raw`(?:\b(?:at least|at most|(?:less|more|fewer|greater|larger|smaller|higher|lower|earlier|later|older) than|up to|over|under|above|below|beyond|exceed(?:s|ing)?|before|after)(?: the)?${DRESS}*|(?<![-=\w"'/])(?:[<>]=?|[\u2264\u2265]|\\[lg]eq?) ?\$?)$`,
  'iu',
)

/** "Nicht", "ne … pas", "no es", "не", "不是" and their like, at most three words before what they deny. */
export const DENIED_ELSEWHERE: RegExp = new RegExp(
  String.raw`(?:(?<![\p{L}'])(?:nicht|kein(?:e|en|er|es|em)?|niemals|pas|jamais|nunca|jam\u00e1s|tampoco|n\u00e3o|nem|niet|geen|nooit|ikke|inte|aldrig|nie|nigdy|de\u011fil|\u043d\u0435|\u043d\u0438|\u043d\u0456)(?![\p{L}'])|(?<![\p{L}'])no (?:es|son|era|est\u00e1)(?!\p{L}))(?:[ *_"'$]+[\p{L}'\u2019]+){0,2}${DRESS}*$|[\u4e0d\u975e\u6ca1\u7121\u65e0](?:\u662f|\u4f1a\u662f)?${DRESS}*$`,
  'iu',
)

/** A verb of the sentence's own between "not" and what is mentioned: "those who do not play are 14". */
export const CLAIM: RegExp =
  /\b(?:is|are|was|were|equals|makes|gives|leaves|becomes|remains|totals|costs|weighs)\b|[a-z]{2,40}[^=]{0,200}=/iu

/** "Students who do not play: 14". "Not recommended: aspirin" is another matter. */
export const DOES_NOT: RegExp = new RegExp(
  String.raw`\b(?:do|does|did|could|will|would|have|has|had|can)(?:${NT}| not)$|\b(?:ca|wo)${NT}$|\bcannot$`,
  'iu',
)
export const COLON: RegExp = /(?<=\w{2}[\s*_]{0,3}):/u

/** Words that carry "not" over such a verb: "I do not think that it is 14". */
export const CARRIES: RegExp =
  /\b(?:be|this|these|those|following|one|recommend|advise|choose|pick|use|give|accept|call|label|classify|consider|take|want|think|believe|say|saying|said|claim|suppose|assume|mean|agree|see|sure|certain|clear|convinced|confident|true|correct|right|accurate|case|fair|possible|possibly|likely|way|evidence|sign|reason|chance|indication|indicate|suggest|support|answer|solution|result|what|that)\b/iu

/** A heading that denies what it introduces. */
export const DENIED_HEADING: RegExp = new RegExp(
  String.raw`(?:\b(?:not|never|cannot be|no longer)|${NT})(?: be| the| an?| my| any of| one of| this| that| right| correct| valid| true| good| acceptable| recommended| final| expected){0,4}(?: (?:answers?|items?|list|ones?|options?|solutions?|results?|objects?|json|output))?[\s*_]*:$` +
    String.raw`|\b(?:wrong|incorrect|false|invalid|rejected)(?: \w{1,20}){0,2}[\s*_]*:$`,
  'iu',
)

/** Answers that agree with a denial after them. */
export const BARE_NO: RegExp = /^(?:no|not|never|none|nope|false|wrong|incorrect|untrue)$/iu

const JUDGEMENT = String.raw`(?:wrong|incorrect|false|untrue|mistaken|ruled out|excluded|unlikely|impossible|out of the question)`
const PUTS_OFF = String.raw`(?:(?:oh|hmm|wait|sorry|well|actually|oops|no|but|however|hold on|and|though)[,.!\s\u2014-]{1,3}){0,4}`

/** "14 is not the answer", "14 isn't right", "14 (wrong)", "urgent this is not". */
export const NOT_SO: RegExp = new RegExp(
  String.raw`^(?:${DRESS}|[,-])*(?:` +
    [
      String.raw`(?:is|was|are|were|ca|can|could|would|wo|will|does|did|has|should|must|may|seems|looks)(?:${NT}| not| never| no longer| hardly) ?(?:be |been |seem |look |really |quite |actually |exactly |necessarily )?(?:the\b|what\b|right\b|correct\b|it\b|true\b|valid\b|accurate\b|possible\b|likely\b|so\b|appropriate\b|applicable\b|apply\b|my\b|our\b|an? (?:answer|option|solution|label|valid|correct|right)\b|[.!?,;)]|$)`,
      '(?:but |and )?(?:no longer|no more|not any ?more|not now)(?: so)?(?:[.,!;]|$)',
      'cannot be(?: the)? (?:right|correct|true|answer|it)',
      String.raw`(?:is|was|are|seems|looks|sounds|would be|must be) (?:clearly |plainly |definitely |simply )?${JUDGEMENT}\b`,
      String.raw`(?:it|this|that) (?:is|was)(?: not|${NT})\b`,
    ].join('|') +
    String.raw`)|^\s*(?:${DRESS}*[,\u2013\u2014-]|${DRESS}*\() ?(?:clearly |plainly )?${JUDGEMENT}\b|^${DRESS}*(?:\((?:not|no|wrong|false)\)|[\u2717\u2718\u274c\u{1f6ab}])`,
  'iu',
)

/** What makes another value of what stands before it ("14 or more", "14 million", "urgent: false"), or nothing ("urgent?"). */
export const NOT_THAT: RegExp = new RegExp(
  String.raw`^${DRESS}*(?:or (?:more|less|fewer|higher|lower|greater|over|under|above|below|not)\b|\+(?!\d)|(?:minus|plus|(?:hundred|thousand|million|billion|trillion|dozen)s?)\b|(?:==?|:) ?false\b|!==? ?true\b|(?:does|did|do)(?: not|${NT}) (?:fit|match|apply|hold|work|suit)\b|(?:is|was|would be) (?:an? |the )?(?:wrong|incorrect|false|bad|poor) \w|\?+${DRESS}*$|de\u011fil|\u3067\u306f(?:\u306a|\u3042\u308a\u307e\u305b\u3093)|\u3058\u3083(?:\u306a|\u3042\u308a)|\u0928\u0939\u0940\u0902|(?:\uc774|\uac00)? ?\uc544\ub2c8)`,
  'iu',
)

/** "14? No", "14. Wrong." */
export const ANSWERS_NO: RegExp = new RegExp(
  String.raw`^(?:${DRESS}|[.,?!:;\u2026\u2013\u2014-])*${PUTS_OFF}(?:` +
    String.raw`(?:no|nope|nah|not|never|wrong|incorrect|false|hardly|not (?:really|quite|at all|so|exactly|that|this)(?: one)?)(?=${DRESS}*(?:[.,!?;:\u2026\u2013\u2014-]|$))` +
    String.raw`|(?:no|nope|wait)[,.!]? (?:it|this|that|wait|the|not)\b)`,
  'iu',
)

/** Taken back in a sentence of its own: "Scratch that", "That is wrong." */
export const TAKEN_BACK: RegExp = new RegExp(
  String.raw`(?:^|[.!?;,:\n\u2026\u2013\u2014-])${DRESS}*${PUTS_OFF}(?:` +
    [
      String.raw`(?:scratch|strike) that\b`,
      String.raw`forget (?:that|it)\b`,
      String.raw`never ?mind\b`,
      String.raw`i (?:take|took) (?:that|it) back\b`,
      String.raw`on second thoughts?\b`,
      String.raw`correction\b`,
      String.raw`i(?:['\u2019]m| am| was) (?:wrong|mistaken|kidding|joking)\b`,
      String.raw`my mistake\b|just kidding\b`,
      String.raw`i (?:do(?: not|${NT}|nt)|would(?: not|${NT})) (?:think|believe|say) (?:so|it|that)\b|i doubt (?:it|that|so)\b`,
      String.raw`(?:that|this|it|which|the (?:above|answer|previous answer))(?: answer| one| label| number)?(?:['\u2019]s| is| was| would be| must be) ${JUDGEMENT}(?=\s*(?:[.,!;]|$))`,
      String.raw`(?:that|this|it|which|the (?:above|answer|previous answer))(?: answer| one| label| number)?(?:['\u2019]s not| is not| was not| is${NT}| was${NT}| cannot be| ca${NT} be)(?: the)?(?: right| correct| true| so| it| answer){1,2}(?=\s*(?:[.,!;]|$))`,
    ].join('|') +
    String.raw`)`,
  'iu',
)
