export { aDatabase, GivenRows, type GivenMessage } from './given-rows.js';
export { messageRows } from './message-rows.js';
