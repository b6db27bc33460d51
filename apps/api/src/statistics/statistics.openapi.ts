import { statistics, statisticsQuery } from './statistics.schema.js';
import { json, type OperationDoc } from '../openapi/operation.js';

export const readStatistics: OperationDoc = {
  id: 'readStatistics',
  summary: 'Read statistics',
  description:
    'Counts of recipients by the hour in which their message was due. Days, hours and weekdays are those of ' +
    'Asia/Seoul unless `timeZone` (whole hours from UTC) says otherwise. A message with several tags counts for ' +
    'each of them. `source=provider` adds the counts of the accounts (NHN `statistics/view`, NCP request ' +
    'counts), by date, hour, weekday or provider; `differences` is what the account has beyond the requests of ' +
    'the gateway. An account counts the mail of all clients, so this needs a key with the scope `admin`.',
  query: statisticsQuery,
  answers: [
    {
      status: 200,
      description: 'The counts: times in order, other groups with the largest first',
      content: json(statistics, {
        from: '2026-10-31T15:00:00.000Z',
        to: '2026-11-30T15:00:00.000Z',
        groupBy: 'category',
        timeZone: 'Asia/Seoul',
        source: 'gateway',
        data: [
          {
            key: 'marketing',
            counts: {
              requested: 1000,
              submitted: 990,
              sent: 960,
              delivered: 950,
              opened: 190,
              bounced: 25,
              failed: 5,
              suppressed: 10,
            },
            rates: {
              submitted: 0.99,
              sent: 0.9697,
              delivered: 0.9596,
              opened: 0.2,
              bounced: 0.0253,
              failed: 0.005,
              suppressed: 0.01,
            },
          },
        ],
      }),
    },
  ],
};
