-- Reading and changing what belongs to all clients are two scopes now. Keys made before keep both.
UPDATE api_key SET scopes = array_append(scopes, 'suppressions:write')
WHERE 'suppressions' = ANY (scopes) AND NOT 'suppressions:write' = ANY (scopes);

UPDATE api_key SET scopes = array_append(scopes, 'providers:write')
WHERE 'providers' = ANY (scopes) AND NOT 'providers:write' = ANY (scopes);
