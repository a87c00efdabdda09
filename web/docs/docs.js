// The page's policy forbids inline scripts, so this is a file.
SwaggerUIBundle({ url: "/docs/openapi.yaml", dom_id: "#api", deepLinking: true, validatorUrl: null });
