from django.urls import path

from trygg.spine.matters.many import views

urlpatterns = [
    path("new/", views.choose, name="open_many"),
    path("<int:opening_id>/", views.opening, name="opening"),
    path("<int:opening_id>/undo/", views.undo, name="undo_opening"),
]
