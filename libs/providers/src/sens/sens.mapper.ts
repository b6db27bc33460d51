import { requestWriter } from '../naver/mail-request.js';
import { withMarker } from './sens.marker.js';

/** The body of create mail request. */
export const mailRequest = requestWriter({
  types: { to: 'TO', cc: 'CC', bcc: 'BCC' },
  templateNumber: 'templateNo',
  basicUnsubscribe: 'useBasicUnsubscribeMessage',
  groupFilter: ({ lists, match }) => ({ operator: match === 'all' ? 'AND' : 'OR', groups: lists }),
  // A body that is the template's own has no marker: the doubt about such a request cannot be settled by look-up.
  body: withMarker,
});
