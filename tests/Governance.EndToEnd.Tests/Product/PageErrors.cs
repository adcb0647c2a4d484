using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>What went wrong in a page: errors of its scripts and of the console, and everything its content security policy refused.</summary>
public sealed class PageErrors
{
    private const string Refused = "Content security policy refused";
    private readonly ConcurrentQueue<string> _errors = new();

    private PageErrors()
    {
    }

    /// <summary>All of it. The browser reports the status of a page itself; which one it should have is for other tests.</summary>
    public IEnumerable<string> All => _errors.Where(error => !error.Contains("Failed to load resource: the server responded with a status of 404", StringComparison.Ordinal));

    /// <summary>Only what the policy refused.</summary>
    public IEnumerable<string> Violations => _errors.Where(error => error.Contains(Refused, StringComparison.Ordinal));

    /// <summary>Collects from now on, over all documents the page loads.</summary>
    public static async Task<PageErrors> CollectAsync(IPage page)
    {
        var errors = new PageErrors();
        page.Console += (_, message) =>
        {
            if (message.Type == "error") errors._errors.Enqueue($"{page.Url}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => errors._errors.Enqueue($"{page.Url}: {error}");
        await page.AddInitScriptAsync(
            $$"""
            document.addEventListener('securitypolicyviolation', event =>
                console.error('{{Refused}}', event.effectiveDirective, event.blockedURI, event.sourceFile, event.sample));
            """);
        return errors;
    }
}
