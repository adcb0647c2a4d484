using System.CommandLine;

namespace Governance.Web.Operator;

/// <summary>What can be typed after the program's name. Without a command it serves.</summary>
internal static class CommandLine
{
    public static RootCommand Build()
    {
        var demo = new Option<bool>("--demo") { Description = "Fill an empty database with a made-up organisation, and enable the sandbox provider." };
        var urls = new Option<string?>("--urls") { Description = "Where to listen, such as http://127.0.0.1:5080." };
        var root = new RootCommand("Governance: governs an organisation's use of large language models.")
        {
            demo, urls, OrganizationCommand.Build(), PersonCommand.Build(), AuditCommand.Build(), LedgerCommand.Build(),
        };
        root.SetAction((parsed, cancellation) => Server.RunAsync(parsed.GetValue(demo), parsed.GetValue(urls), cancellation));
        return root;
    }
}
