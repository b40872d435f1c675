/**
 * @file The commonest words of languages that share a script, and letters that only one of them has. Some languages are here only so as not to be taken for another.
 */

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** By script, then by ISO 639-1 code. */
export const WORDS: Readonly<Record<string, Readonly<Record<string, ReadonlySet<string>>>>> = {
  latin: {
    en: set(
      'the of and to in is that it was for on are with as his they at be this have from or had by but not what all were we when your can said there an which their if will each about how them then she would these so some her him has you my our do i a no one out up us me into than who why get just like know other could should been more now only over also after did does don didn yes here am any because where its',
    ),
    es: set(
      'el la de que y en los se del las un por con no una su para es al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también hasta hay donde quien desde todo nos durante son está',
    ),
    pt: set(
      'o de que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso são você',
    ),
    fr: set(
      'le la les de des et à un une en est que qui dans pour pas sur plus par au avec ce il elle ne se du vous nous je sont mais ou cette ces être leur même aux comme si tout bien sans peut où',
    ),
    de: set(
      'der die das und ist in zu den mit von für auf nicht ein eine dem sich des im auch es an als werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man ich wir',
    ),
    it: set(
      'il di che e la in un per è una non del con si da i le dei nel al sono della come più ma lo gli anche alla questo ha se delle o dal nella su essere molto dalla ci ed quando perché così degli',
    ),
    pl: set(
      'w i na się z do nie to że jest o jak po za od przez dla są ale przy czy tak co może być był tylko jego już które który oraz także jako lub ich bardzo tego tym ma',
    ),
    vi: set(
      'và của là có cho không được các trong một người những với này đã để khi từ đến như về cũng bạn nhiều tôi sẽ vào ra chúng trên nhưng làm thì rất',
    ),
    sw: set(
      'na ya wa kwa ni katika za la kuwa cha hii si pia kama au hiyo lakini yake wake watu ili hivyo sana moja huu kila baada yako yangu hili hizo ambayo wewe mimi vya',
    ),
    fi: set(
      'ja on ei että se oli hän joka mutta ovat niin kun myös voi olla sen tai kuin ole ovat tämä mitä jos nyt sekä vain mukaan sitä ne minä sinä joka jotka hyvä kuten',
    ),
    nl: set(
      'de het een van en is dat op te in zijn voor niet met aan er om ook als dan maar bij uit nog naar door wordt hebben ze je deze worden wel kan meer over heeft',
    ),
    sv: set(
      'och att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när år under också efter eller nu sin där vid mot ska',
    ),
    tr: set('ve bir bu da için de ile çok olarak daha olan gibi en ne var kadar sonra ama değil ise her ben o şey veya mi'),
    id: set(
      'yang dan di untuk dengan dari ini tidak dalam pada adalah itu akan atau juga ke karena ada saya oleh sebagai bisa anda mereka telah dapat',
    ),
    ro: set('și de în la a cu pe care este din nu mai să un o pentru sunt ce au fost se lui că ale sau dar prin'),
  },
  cyrillic: {
    ru: set(
      'и в не на что я с он как это по но они к у мы за вы из от так для все же было бы был его или когда если только ещё еще уже при чтобы этот может она есть были о',
    ),
    uk: set(
      'і в на не що з у та як це до він я за але від є для ми вони його так або про ви при бути може вона якщо також ще вже був було які який цей щоб коли',
    ),
    bg: set(
      'и на да се в от за с че не е са по като но ще при до това той или съм които който към си има може те бъде тя както след само още ние вие беше',
    ),
  },
  arabic: {
    ar: set('في من على أن إلى هذا التي عن ما لا هو كان مع هذه الذي كل أو بعد بين ذلك قد لم كما عند ولا هي إن أنا غير وهو يمكن أي حتى'),
    fa: set('و در به از که این را با است برای آن یک خود تا کرد بر هم نیز می شود شد ما های اما یا هر بود شما کنید باید من او اگر همه'),
    ur: set('کے کی ہے میں اور سے کا کو اس یہ ہیں کہ پر نے ایک بھی تھا کیا ہو جو کر نہیں وہ تو گیا آپ لیے ہم تھے لئے اپنے ان ساتھ'),
  },
  devanagari: {
    hi: set('के है में की से और का को हैं पर यह एक कि ने भी नहीं इस हो था तो कर जो लिए या ही वह गया आप हम मैं अपने साथ करने'),
    mr: set('आहे आणि व या च मध्ये ते हे हा ही आहेत तर नाही करून केले त्या साठी की होते असे एक काही मी आपण त्याच्या पण झाले आपल्या तुम्ही'),
    ne: set('र को छ मा का ले पनि हो यो एक लाई गरेको छन् तथा गर्न भएको भने हुन्छ थियो वा त्यो म हामी लागि तर तपाईं गर्ने छैन हुने'),
  },
}

/** A letter that marks a word as one of the language. */
export const LETTERS: Readonly<Record<string, RegExp>> = {
  es: /[ñ¿¡]/,
  pt: /[ãõ]/,
  de: /ß/,
  fr: /[œèêû]/,
  pl: /[łąęśźżń]/,
  vi: /[ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/,
  fi: /(?:ää|yy|öö|kk[aä]$)/,
  sv: /å/,
  tr: /[ğış]/,
  ro: /[țăș]/,
  ru: /[ыэё]/,
  uk: /[іїєґ]/,
  bg: /(?:ъ[^еёюя]|ът$)/,
  fa: /[پچگژ]|(?:^می)/,
  ur: /[ٹڈڑںےہھ]/,
  mr: /ळ|(?:ां(?:नी|ना|च[ाीे])$)/,
  ne: /(?:हरू|को|मा|लाई|ले|छ)$/,
}
