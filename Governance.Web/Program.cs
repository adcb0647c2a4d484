using Governance.Web.Operator;

return await CommandLine.Build().Parse(args).InvokeAsync();
