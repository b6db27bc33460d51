import { statistics, statisticsQuery } from '../statistics/statistics.schema.js';
import { json, type OperationDoc } from './operation.js';

export const readStatistics: OperationDoc = {
  id: 'readStatistics',
  summary: 'Figures of what was sent',
  description:
    'Counts of recipients by the hour in which their message was due, kept as they change. Days, hours and weekdays ' +
    'are those of Asia/Seoul unless a `timeZone` (whole hours from UTC) says otherwise. A message with several tags ' +
    'counts for each of them. With `source=provider` the figures of the accounts (NHN `statistics/view`, NCP request ' +
    'counts) stand beside those of all clients, by date, hour, weekday or provider; what an account has more than the ' +
    'gateway has submitted is in `differences`.',
  query: statisticsQuery,
  answers: [
    {
      status: 200,
      description: 'The figures; times in their order, everything else the largest first',
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
              ...{ requested: 1000, submitted: 990, sent: 960, delivered: 950 },
              ...{ opened: 190, bounced: 25, failed: 5, suppressed: 10 },
            },
            rates: {
              ...{ submitted: 0.99, sent: 0.9697, delivered: 0.9596, opened: 0.2 },
              ...{ bounced: 0.0253, failed: 0.005, suppressed: 0.01 },
            },
          },
        ],
      }),
    },
  ],
};
