import { twoLanguages } from '../../i18n/two-languages';

export const words = twoLanguages({
  ko: {
    title: '변경 기록',
    text: '누가 무엇을 바꾸었는지 적은 기록입니다. 지우거나 고칠 수 없으며, 주소는 가려져 있습니다.',
    at: '시각',
    actor: '한 사람',
    actorHint: '클라이언트, key_…, worker',
    key: '키',
    action: '한 일',
    target: '대상',
    targetHint: '번호나 계정 이름',
    since: '이때부터',
    change: '바뀐 뒤',
    before: '바뀌기 전',
    after: '바뀐 뒤',
    request: '요청 번호',
    empty: '조건에 맞는 기록이 없습니다. 조건을 줄여 보십시오.',
  },
  en: {
    title: 'Audit',
<<<<<<< HEAD
    text: 'Every change, with its key and time. Entries cannot be changed or removed; addresses are masked.',
=======
    text: 'All changes and their actors. Entries cannot be changed or removed; addresses are masked.',
>>>>>>> console2
    at: 'Time',
    actor: 'Actor',
    actorHint: 'client, key_…, worker',
    key: 'Key',
    action: 'Action',
    target: 'Target',
    targetHint: 'an id or an account',
    since: 'Since',
    change: 'After',
    before: 'Before',
    after: 'After',
    request: 'Request id',
    empty: 'No entry matches. Loosen the filters.',
  },
});
