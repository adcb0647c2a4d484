using System.Text.Encodings.Web;
using System.Text.Json;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.Extensions.Options;

namespace Governance.Web.Demo;

/// <summary>What --demo does after the server has started: fill an empty database, then say how to get in.</summary>
internal static class DemoCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task RunAsync(IServiceProvider services, string url, CancellationToken cancellation)
    {
        var file = services.GetRequiredService<IOptions<DataDirectoryOptions>>().Value.PathOf("demo.json");
        await using var scope = services.CreateAsyncScope();
        DemoAccess access;
        if (!await scope.ServiceProvider.GetRequiredService<OrganizationService>().AnyAsync(cancellation))
        {
            access = await scope.ServiceProvider.GetRequiredService<DemoOrganization>().CreateAsync(url, cancellation);
        }
        else if (File.Exists(file))
        {
            access = JsonSerializer.Deserialize<DemoAccess>(await File.ReadAllTextAsync(file, cancellation), Json)! with { Url = url };
            await scope.ServiceProvider.GetRequiredService<DemoConnections>().MoveAsync(url, cancellation);
        }
        else
        {
            Console.WriteLine($"""

                The database is not empty, so no demo data was made. For the demo, start with another data directory:
                  Data__Directory=./demo-data ./run.sh --demo
                Governance is ready: {url}

                """);
            return;
        }

        await WriteAsync(file, access, cancellation);
        Print(access, file);
    }

    private static async Task WriteAsync(string file, DemoAccess access, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var stream = new FileStream(file, options);
        await JsonSerializer.SerializeAsync(stream, access, Json, cancellation);
    }

    private static void Print(DemoAccess access, string file)
    {
        Console.WriteLine($"\nGovernance is ready with demo data: {access.Url}\n");
        foreach (var user in access.Users) Console.WriteLine($"  {user.Role,-19} {user.Email,-34} {user.Password}");
        Console.WriteLine($$"""

              proxy key      {{access.ProxyKey}}
              limited key    {{access.LimitedKey}}  (a hard budget of $0.01 a day)
              API token      {{access.ApiToken}}
              (also in {{file}})

            Call a model through the proxy; the sandbox answers, and the call appears on the Overview:

              curl {{access.Url}}/proxy/openai/v1/chat/completions \
                -H "Authorization: Bearer {{access.ProxyKey}}" \
                -H "Content-Type: application/json" \
                -d '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}'

            """);
    }
}

/// <summary>How to get into the demo, as demo.json has it. The limited key has a hard budget of a cent a day.</summary>
internal sealed record DemoAccess(string Url, string Organisation, IReadOnlyList<DemoUser> Users, string ProxyKey, string LimitedKey, string ApiToken);

/// <summary>Somebody to sign in as.</summary>
internal sealed record DemoUser(string Role, string Email, string Password);
