using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>Keeps back what the server tells a page over its web socket, as a slow line or a busy server does.</summary>
public sealed class SlowLine
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _held = [];
    private bool _holds;

    private SlowLine()
    {
    }

    /// <summary>For the pages that are opened from now on.</summary>
    public static async Task<SlowLine> BetweenAsync(IPage page)
    {
        var line = new SlowLine();
        await page.RouteWebSocketAsync("**/*", socket =>
        {
            var server = socket.ConnectToServer();
            server.OnMessage(frame => line.Pass(() =>
            {
                if (frame.Binary is { } bytes) socket.Send(bytes);
                else socket.Send(frame.Text!);
            }));
        });
        return line;
    }

    public void Hold()
    {
        lock (_gate) _holds = true;
    }

    /// <summary>Lets through what was held, in order, and everything after it.</summary>
    public void Release()
    {
        lock (_gate)
        {
            while (_held.TryDequeue(out var send)) send();
            _holds = false;
        }
    }

    private void Pass(Action send)
    {
        lock (_gate)
        {
            if (_holds) _held.Enqueue(send);
            else send();
        }
    }
}
