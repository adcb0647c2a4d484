using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Governance.Web.Components.Layout;

/// <summary>The frame around every page of a signed-in person.</summary>
public sealed partial class MainLayout
{
    private readonly CancellationTokenSource _ended = new();
    private ErrorBoundary? _boundary;
    private Viewer? _viewer;
    private bool _anonymous;

    [CascadingParameter]
    private ClientInfo Client { get; set; } = ClientInfo.Unknown;

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        _viewer = await Loader.LoadAsync(Client, _ended.Token);
        _anonymous = _viewer is null;
    }

    private void Recover() => _boundary?.Recover();

    /// <summary>An error belongs to the page it happened on.</summary>
    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => Recover();

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _ended.Cancel();
        _ended.Dispose();
    }
}
