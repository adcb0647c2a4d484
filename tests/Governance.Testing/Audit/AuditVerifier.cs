using System.Diagnostics;

namespace Governance.Testing.Audit;

/// <summary>Runs tools/verify-audit.mjs, as an auditor would.</summary>
public static class AuditVerifier
{
    /// <returns>What it said, good or bad.</returns>
    public static async Task<VerifierReport> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Script(), .. arguments, "--json"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return VerifierReport.Read(process.ExitCode, await output, await error);
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "tools", "verify-audit.mjs");
            if (File.Exists(script)) return script;
        }

        throw new FileNotFoundException("tools/verify-audit.mjs is in no folder above the tests.");
    }
}
